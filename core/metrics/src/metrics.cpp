#include <array>

#include <runledger/base/check.hpp>

#include "drawdown.hpp"
#include "returns.hpp"
#include "trades.hpp"

namespace runledger {
namespace {

struct Groups {
  ReturnFigures returns;
  DrawdownFigures drawdown;
  TradeFigures trades;
};

struct Row {
  MetricInfo info;
  Figure (*pick)(const Groups&);
};

#define RL_METRIC(group, key, label, unit)                                            \
  Row {                                                                               \
    {Metric::key, #key, label, unit}, [](const Groups& all) { return all.group.key; } \
  }

constexpr std::array kRows{
    RL_METRIC(returns, pnl, "PnL", "$"),
    RL_METRIC(returns, return_pct, "Return", "%"),
    RL_METRIC(returns, buy_hold_return_pct, "Buy & Hold Return", "%"),
    RL_METRIC(returns, cagr_pct, "CAGR", "%"),
    RL_METRIC(returns, volatility_ann_pct, "Volatility (Ann.)", "%"),
    RL_METRIC(returns, sharpe_ratio, "Sharpe Ratio", ""),
    RL_METRIC(drawdown, max_drawdown, "Max. Drawdown", "%"),
    RL_METRIC(drawdown, max_drawdown_money, "Max. Drawdown", "$"),
    RL_METRIC(drawdown, max_drawdown_duration, "Max. Drawdown Duration", "s"),
    RL_METRIC(trades, total_trades, "# Trades", ""),
    RL_METRIC(trades, open_trades, "Open", ""),
    RL_METRIC(trades, winning_trades, "Winning", ""),
    RL_METRIC(trades, losing_trades, "Losing", ""),
    RL_METRIC(trades, win_rate, "Win Rate", "%"),
    RL_METRIC(trades, profit_factor, "Profit Factor", ""),
    RL_METRIC(trades, avg_trade_duration, "Avg. Trade Duration", "s"),
    RL_METRIC(trades, exposure_time_pct, "Exposure Time", "%"),
    RL_METRIC(trades, commissions, "Commissions", "$"),
    RL_METRIC(returns, equity_final, "Equity Final", "$"),
    RL_METRIC(returns, equity_peak, "Equity Peak", "$"),
    RL_METRIC(returns, periods_per_year, "Periods/Year", ""),
};

#undef RL_METRIC

constexpr auto kTable = [] {
  std::array<MetricInfo, kRows.size()> table{};
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = kRows[i].info;
  return table;
}();

}  // namespace

std::span<const MetricInfo> metric_table() { return kTable; }

std::vector<MetricFigure> compute_metrics(const RunResult& result, const BarColumns& bars,
                                          Interval interval, AccountKind account) {
  RL_CHECK(result.equity.size() <= bars.size());
  const FinishedRun run{.result = result, .bars = bars, .interval = interval, .account = account};
  const Groups groups{.returns = return_figures(run),
                      .drawdown = drawdown_figures(run),
                      .trades = trade_figures(run)};
  std::vector<MetricFigure> figures;
  figures.reserve(kRows.size());
  for (const Row& row : kRows) {
    const Figure figure = row.pick(groups);
    figures.push_back({row.info.key, figure.value, figure.undefined});
  }
  return figures;
}

}  // namespace runledger
