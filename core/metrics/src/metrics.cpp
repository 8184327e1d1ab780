#include <algorithm>
#include <array>

#include <runledger/base/check.hpp>
#include <runledger/metrics/metrics.hpp>

#include "base_series.hpp"
#include "benchmark.hpp"
#include "drawdown.hpp"
#include "exposure.hpp"
#include "returns.hpp"
#include "trades.hpp"

namespace runledger {
namespace {

// What is of no group alone.
struct JointFigures {
  Figure calmar_ratio;
  Figure periods_per_year;
};

struct Groups {
  ResultFigures result;
  RiskFigures risk;
  DrawdownFigures drawdown;
  TradeFigures trades;
  ExposureFigures exposure;
  BenchmarkFigures benchmark;
  JointFigures joint;
};

struct Row {
  MetricInfo info;
  Figure (*pick)(const Groups&);
};

// Shown in `group`; computed as `holder` of Groups.
#define RL_METRIC(group, holder, key, label, unit)        \
  Row {                                                   \
    {Metric::key, #key, label, unit, MetricGroup::group}, \
        [](const Groups& all) { return all.holder.key; }  \
  }

constexpr std::array kRows{
    RL_METRIC(result, result, pnl, "PnL", "$"),
    RL_METRIC(result, result, return_pct, "Return", "%"),
    RL_METRIC(result, result, buy_hold_return_pct, "Buy & Hold Return", "%"),
    RL_METRIC(result, result, return_ann_pct, "Return (Ann.)", "%"),
    RL_METRIC(result, result, cagr_pct, "CAGR", "%"),
    RL_METRIC(result, result, equity_final, "Equity Final", "$"),
    RL_METRIC(result, result, equity_peak, "Equity Peak", "$"),
    RL_METRIC(result, exposure, commissions, "Commissions", "$"),
    RL_METRIC(result, result, duration, "Duration", "s"),
    RL_METRIC(risk, risk, volatility_ann_pct, "Volatility (Ann.)", "%"),
    RL_METRIC(risk, risk, sharpe_ratio, "Sharpe Ratio", ""),
    RL_METRIC(risk, risk, sortino_ratio, "Sortino Ratio", ""),
    RL_METRIC(risk, joint, calmar_ratio, "Calmar Ratio", ""),
    RL_METRIC(risk, risk, omega_ratio, "Omega Ratio", ""),
    RL_METRIC(risk, risk, tail_ratio, "Tail Ratio", ""),
    RL_METRIC(risk, risk, var_95, "VaR 95", ""),
    RL_METRIC(risk, risk, cvar_95, "CVaR 95", ""),
    RL_METRIC(risk, risk, var_95_gaussian, "VaR 95 (Gaussian)", ""),
    RL_METRIC(risk, risk, cvar_95_gaussian, "CVaR 95 (Gaussian)", ""),
    RL_METRIC(risk, risk, skewness, "Skewness", ""),
    RL_METRIC(risk, risk, raw_kurtosis, "Raw Kurtosis", ""),
    RL_METRIC(risk, risk, kelly_continuous, "Kelly (continuous)", ""),
    RL_METRIC(risk, joint, periods_per_year, "Periods/Year", ""),
    RL_METRIC(drawdown, drawdown, max_drawdown, "Max. Drawdown", "%"),
    RL_METRIC(drawdown, drawdown, max_drawdown_money, "Max. Drawdown", "$"),
    RL_METRIC(drawdown, drawdown, avg_drawdown, "Avg. Drawdown", "%"),
    RL_METRIC(drawdown, drawdown, max_drawdown_duration, "Max. Drawdown Duration", "s"),
    RL_METRIC(drawdown, drawdown, avg_drawdown_duration, "Avg. Drawdown Duration", "s"),
    RL_METRIC(drawdown, drawdown, max_drawdown_bars, "Max. Drawdown Duration", "bars"),
    RL_METRIC(drawdown, drawdown, avg_drawdown_bars, "Avg. Drawdown Duration", "bars"),
    RL_METRIC(drawdown, drawdown, unrecovered, "Unrecovered", ""),
    RL_METRIC(drawdown, drawdown, ulcer_index, "Ulcer Index", "%"),
    RL_METRIC(trades, trades, total_trades, "# Trades", ""),
    RL_METRIC(trades, trades, open_trades, "Open", ""),
    RL_METRIC(trades, trades, winning_trades, "Winning", ""),
    RL_METRIC(trades, trades, losing_trades, "Losing", ""),
    RL_METRIC(trades, trades, win_rate, "Win Rate", "%"),
    RL_METRIC(trades, trades, best_trade_pct, "Best Trade", "%"),
    RL_METRIC(trades, trades, worst_trade_pct, "Worst Trade", "%"),
    RL_METRIC(trades, trades, avg_trade_pct, "Avg. Trade", "%"),
    RL_METRIC(trades, trades, max_trade_duration, "Max. Trade Duration", "s"),
    RL_METRIC(trades, trades, avg_trade_duration, "Avg. Trade Duration", "s"),
    RL_METRIC(trades, trades, max_consecutive_wins, "Max. Consecutive Wins", ""),
    RL_METRIC(trades, trades, max_consecutive_losses, "Max. Consecutive Losses", ""),
    RL_METRIC(trades, trades, profit_factor, "Profit Factor", ""),
    RL_METRIC(trades, trades, payoff_ratio, "Payoff Ratio", ""),
    RL_METRIC(trades, trades, expectancy, "Expectancy", "$"),
    RL_METRIC(trades, trades, expectancy_pct, "Expectancy", "%"),
    RL_METRIC(trades, trades, sqn, "SQN", ""),
    RL_METRIC(trades, trades, sqn_100, "SQN (100)", ""),
    RL_METRIC(trades, trades, kelly_criterion, "Kelly Criterion", ""),
    RL_METRIC(trades, trades, avg_win, "Avg. Win", "$"),
    RL_METRIC(trades, trades, avg_loss, "Avg. Loss", "$"),
    RL_METRIC(trades, trades, largest_win, "Largest Win", "$"),
    RL_METRIC(trades, trades, largest_loss, "Largest Loss", "$"),
    RL_METRIC(exposure, exposure, exposure_time_pct, "Exposure Time", "%"),
    RL_METRIC(exposure, exposure, exposure_gross_pct, "Exposure (gross)", "%"),
    RL_METRIC(exposure, exposure, exposure_net_pct, "Exposure (net)", "%"),
    RL_METRIC(exposure, exposure, turnover_ann, "Turnover (Ann.)", ""),
    RL_METRIC(benchmark, benchmark, alpha_pct, "Alpha", "%"),
    RL_METRIC(benchmark, benchmark, beta, "Beta", ""),
    RL_METRIC(benchmark, benchmark, tracking_error_pct, "Tracking Error", "%"),
    RL_METRIC(benchmark, benchmark, information_ratio, "Information Ratio", ""),
};

#undef RL_METRIC

constexpr auto kTable = [] {
  std::array<MetricInfo, kRows.size()> table{};
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = kRows[i].info;
  return table;
}();

Groups groups_of(const FinishedRun& run) {
  const BaseSeries series(run);
  const Returns returns(series, run.result.start_cash);
  Groups groups{.result = result_figures(run, series),
                .risk = risk_figures(run, series, returns),
                .drawdown = drawdown_figures(run),
                .trades = trade_figures(run),
                .exposure = {},
                .benchmark = benchmark_figures(run, series, returns),
                .joint = {.calmar_ratio = {}, .periods_per_year = series.periods_per_year()}};
  groups.exposure = exposure_figures(run, series, groups.result.duration);
  groups.joint.calmar_ratio = calmar_ratio(groups.result.cagr_pct, groups.drawdown.max_drawdown);
  return groups;
}

}  // namespace

std::string_view undefined_text(Undefined why) {
  switch (why) {
    case Undefined::defined:
      return "";
    case Undefined::too_few_returns:
      return "too few returns";
    case Undefined::zero_variance:
      return "the returns do not vary";
    case Undefined::no_trades:
      return "no closed trades";
    case Undefined::no_losses:
      return "no losing trades";
    case Undefined::no_drawdown:
      return "no drawdown";
    case Undefined::too_short:
      return "too short a time";
    case Undefined::equity_not_positive:
      return "equity was not positive";
    case Undefined::no_wins:
      return "no winning trades";
    case Undefined::no_volume:
      return "no volume";
    case Undefined::no_return_below:
      return "no return below the minimum";
    case Undefined::zero_quantile:
      return "the 5 % quantile of the returns is zero";
    case Undefined::prices_do_not_vary:
      return "the prices do not vary";
    case Undefined::too_few_trades:
      return "fewer than two closed trades";
    case Undefined::trades_do_not_vary:
      return "all trades gave the same pnl";
    case Undefined::trade_lost_everything:
      return "a trade lost all it was worth";
  }
  return "";
}

std::span<const MetricInfo> metric_table() { return kTable; }

std::vector<MetricFigure> compute_metrics(const FinishedRun& run) {
  RL_CHECK(run.result.equity.size() <= run.bars.size());
  const Groups groups = groups_of(run);
  std::vector<MetricFigure> figures;
  figures.reserve(kRows.size());
  for (const Row& row : kRows) {
    const Figure figure = row.pick(groups);
    figures.push_back({row.info.key, figure.value, figure.undefined});
  }
  return figures;
}

std::vector<MetricFigure> buy_and_hold_metrics(const FinishedRun& run) {
  RunResult held;
  held.start_cash = run.result.start_cash;
  for (const double close : run.bars.close.first(run.bars_run()))
    held.equity.push_back(held.start_cash * (close / run.bars.close[0]));
  const auto all = compute_metrics({.result = held,
                                    .bars = run.bars,
                                    .interval = run.interval,
                                    .account = run.account,
                                    .options = run.options});
  std::vector<MetricFigure> figures;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool of_the_curve = kTable[i].group <= MetricGroup::drawdown &&
                              kTable[i].key != Metric::commissions &&
                              kTable[i].key != Metric::buy_hold_return_pct;
    if (of_the_curve) figures.push_back(all[i]);
  }
  return figures;
}

}  // namespace runledger
