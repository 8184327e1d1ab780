#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <runledger/engine/result.hpp>
#include <runledger/engine/settings.hpp>
#include <runledger/market/bars.hpp>

namespace runledger {

// The convention under which figures were computed; figures of unlike versions are not compared.
inline constexpr std::uint16_t kMetricsVersion = 1;

// Every figure that has a number, computed or not. Numbers as in schema::MetricKey.
enum class Metric : std::uint16_t {
  none = 0,
  pnl = 1,
  return_pct = 2,
  buy_hold_return_pct = 3,
  return_ann_pct = 4,
  cagr_pct = 5,
  volatility_ann_pct = 6,
  sharpe_ratio = 7,
  sortino_ratio = 8,
  calmar_ratio = 9,
  omega_ratio = 10,
  tail_ratio = 11,
  max_drawdown = 12,
  avg_drawdown = 13,
  max_drawdown_duration = 14,
  avg_drawdown_duration = 15,
  ulcer_index = 16,
  total_trades = 17,
  winning_trades = 18,
  losing_trades = 19,
  open_trades = 20,
  win_rate = 21,
  best_trade_pct = 22,
  worst_trade_pct = 23,
  avg_trade_pct = 24,
  max_trade_duration = 25,
  avg_trade_duration = 26,
  max_consecutive_wins = 27,
  max_consecutive_losses = 28,
  profit_factor = 29,
  payoff_ratio = 30,
  expectancy = 31,
  expectancy_pct = 32,
  sqn = 33,
  kelly_criterion = 34,
  avg_win = 35,
  avg_loss = 36,
  largest_win = 37,
  largest_loss = 38,
  exposure_time_pct = 39,
  turnover_ann = 40,
  commissions = 41,
  equity_final = 42,
  equity_peak = 43,
  alpha_pct = 44,
  beta = 45,
  var_95 = 46,
  cvar_95 = 47,
  skewness = 48,
  raw_kurtosis = 49,
  max_drawdown_money = 50,
  periods_per_year = 51,
  max_drawdown_bars = 52,
  avg_drawdown_bars = 53,
  unrecovered = 54,
  sqn_100 = 55,
  kelly_continuous = 56,
  var_95_gaussian = 57,
  cvar_95_gaussian = 58,
  exposure_gross_pct = 59,
  exposure_net_pct = 60,
  duration = 61,
  tracking_error_pct = 62,
  information_ratio = 63,
};

// Why a figure is NaN. Numbers as in schema::MetricUndefined.
enum class Undefined : std::uint8_t {
  defined = 0,
  too_few_returns = 1,
  zero_variance = 2,
  no_trades = 3,
  no_losses = 4,
  no_drawdown = 5,
  too_short = 6,
  equity_not_positive = 7,
  no_wins = 8,
  no_volume = 9,
  no_return_below = 10,  // none lies below the minimum acceptable one
  zero_quantile = 11,
  prices_do_not_vary = 12,
  too_few_trades = 13,
  trades_do_not_vary = 14,
  trade_lost_everything = 15,
};

// Why, in a few words: `no closed trades`. Empty for `defined`, and for a number that this version
// does not know.
std::string_view undefined_text(Undefined why);

struct MetricFigure {
  Metric key;
  double value;  // NaN when undefined
  Undefined undefined;
};

// What a figure is about; the table is in this order.
enum class MetricGroup : std::uint8_t { result, risk, drawdown, trades, exposure, benchmark };

struct MetricInfo {
  Metric key;
  std::string_view name;   // `sharpe_ratio`: the one key at every door
  std::string_view label;  // `Sharpe Ratio`
  std::string_view unit;   // "", "%", "$" (quote currency), "s"
  MetricGroup group;
};

// Every metric that is computed, in order of display. Formula, annualisation and what makes it
// undefined: core/metrics/METRICS.md, and the headers in core/metrics/src, one a group.
std::span<const MetricInfo> metric_table();

// What a reader of figures may choose. Figures that are stored are made with none of it.
struct MetricOptions {
  double risk_free_rate = 0;                    // a year: 0.02 is two percent
  std::optional<double> minimum_return = {};    // a year; absent: the risk-free rate
  std::optional<double> periods_per_year = {};  // absent: inferred from the bars
};

// A finished run, borrowed. `bars` are those of the run, of which result.equity.size() were run.
struct FinishedRun {
  const RunResult& result;
  const BarColumns& bars;
  Interval interval;
  AccountKind account = AccountKind::standard;
  MetricOptions options = {};
  [[nodiscard]] std::size_t bars_run() const { return result.equity.size(); }
};

// The statistics of a finished run, one for each row of metric_table and in its order. Under the
// reference account wins are counted as the old system counted them: a trade of exactly zero pnl is
// one.
std::vector<MetricFigure> compute_metrics(const FinishedRun& run);

// The same figures of having bought at the run's first close with all of its start cash, in
// fractions of a unit and without costs, and held to its last: return, risk and drawdown.
std::vector<MetricFigure> buy_and_hold_metrics(const FinishedRun& run);

}  // namespace runledger
