#include "returns.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <runledger/base/time.hpp>

#include "quantile.hpp"

namespace runledger {
namespace {

constexpr double kTail = 0.05;
constexpr double kNormalQuantile = -1.6448536269514722;  // of kTail

// (to / from)^exponent - 1 in percent, where both are positive.
Figure growth_pct(double from, double to, double exponent) {
  if (!(from > 0) || !(to > 0)) return Figure::none(Undefined::equity_not_positive);
  return Figure::of_growth((std::pow(to / from, exponent) - 1) * 100);
}

Figure return_ann_pct(const BaseSeries& series, double start, double last) {
  const Figure periods = series.periods_per_year();
  if (series.size() < 2) return Figure::none(Undefined::too_short);
  return growth_pct(start, last, periods.value / static_cast<double>(series.size()));
}

Figure cagr_pct(const Figure& duration, double start, double last) {
  if (!duration.defined()) return duration;
  if (!(duration.value > 0)) return Figure::none(Undefined::too_short);
  constexpr double kYear = 365.25 * 86'400;
  return growth_pct(start, last, kYear / duration.value);
}

Figure duration(const FinishedRun& run) {
  if (run.bars_run() == 0) return Figure::none(Undefined::too_short);
  const auto elapsed = elapsed_ns(run.bars.label[0], run.bars.close_time[run.bars_run() - 1]);
  return Figure::of(static_cast<double>(elapsed) / static_cast<double>(kSecondNs));
}

RiskFigures undefined_risk(Undefined why) {
  const Figure none = Figure::none(why);
  return {none, none, none, none, none, none, none, none, none, none, none, none};
}

void add_gaussian(RiskFigures& figures, const Moments& moments) {
  const double deviation = moments.deviation();
  const double density =
      std::exp(-kNormalQuantile * kNormalQuantile / 2) / std::sqrt(2 * std::numbers::pi);
  figures.var_95_gaussian = Figure::of(moments.mean + kNormalQuantile * deviation);
  figures.cvar_95_gaussian = Figure::of(moments.mean - deviation * density / kTail);
}

void add_shape(RiskFigures& figures, const Moments& moments) {
  if (moments.flat()) {
    figures.skewness = figures.raw_kurtosis = figures.kelly_continuous =
        Figure::none(Undefined::zero_variance);
    return;
  }
  const double deviation = moments.deviation();
  figures.skewness = Figure::of(moments.skewness());
  figures.raw_kurtosis = Figure::of(moments.raw_kurtosis());
  figures.kelly_continuous = Figure::of(moments.mean / (deviation * deviation));
}

void add_downside(RiskFigures& figures, std::span<const double> own, const Moments& moments,
                  double minimum, double root) {
  const Sides sides = sides_of(own, minimum);
  const double deviation = std::sqrt(sides.below_squares / moments.count);
  if (vanishes(deviation, moments.greatest)) {
    figures.sortino_ratio = figures.omega_ratio = Figure::none(Undefined::no_return_below);
    return;
  }
  figures.sortino_ratio = Figure::of(root * (moments.mean - minimum) / deviation);
  figures.omega_ratio = Figure::of(sides.above / sides.below);
}

void add_tails(RiskFigures& figures, std::span<const double> own, const Moments& moments) {
  const Tails tails = tails_of(own, moments);
  figures.var_95 = Figure::of(tails.low);
  figures.cvar_95 = Figure::of(tails.mean_below);
  figures.tail_ratio = tails.low == 0 ? Figure::none(Undefined::zero_quantile)
                                      : Figure::of(std::abs(tails.high / tails.low));
}

}  // namespace

ResultFigures result_figures(const FinishedRun& run, const BaseSeries& series) {
  const double start = run.result.start_cash;
  const std::vector<double>& equity = run.result.equity;
  const double last = equity.empty() ? start : equity.back();
  ResultFigures figures;
  figures.pnl = Figure::of(last - start);
  figures.return_pct = start > 0 ? Figure::of((last / start - 1) * 100)
                                 : Figure::none(Undefined::equity_not_positive);
  figures.buy_hold_return_pct =
      equity.empty()
          ? Figure::none(Undefined::too_short)
          : Figure::of((run.bars.close[equity.size() - 1] / run.bars.close[0] - 1) * 100);
  figures.duration = duration(run);
  figures.return_ann_pct = return_ann_pct(series, start, last);
  figures.cagr_pct = cagr_pct(figures.duration, start, last);
  figures.equity_final = Figure::of(last);
  figures.equity_peak =
      Figure::of(equity.empty() ? start : std::max(start, series.bar_equity().highest));
  return figures;
}

RiskFigures risk_figures(const FinishedRun& run, const BaseSeries& series, const Returns& returns) {
  if (returns.undefined() != Undefined::defined) return undefined_risk(returns.undefined());
  const std::span<const double> own = returns.own();
  const Moments& moments = returns.moments();
  const double periods = series.periods_per_year().value;
  const double root = std::sqrt(periods);
  const MetricOptions& options = run.options;
  const double risk_free = rate_of_period(options.risk_free_rate, periods);
  const double minimum =
      rate_of_period(options.minimum_return.value_or(options.risk_free_rate), periods);
  RiskFigures figures;
  figures.volatility_ann_pct = Figure::of(moments.deviation() * root * 100);
  figures.sharpe_ratio = moments.flat()
                             ? Figure::none(Undefined::zero_variance)
                             : Figure::of(root * (moments.mean - risk_free) / moments.deviation());
  add_downside(figures, own, moments, minimum, root);
  add_tails(figures, own, moments);
  add_gaussian(figures, moments);
  add_shape(figures, moments);
  return figures;
}

}  // namespace runledger
