#include "returns.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include <runledger/base/time.hpp>

namespace runledger {
namespace {

constexpr double kYearNs = 365.25 * static_cast<double>(kDayNs);

// Equity at the close of each period, and the period's label.
struct Periods {
  std::vector<double> own_equity;
  std::vector<TimeNs> own_label;
  std::span<const double> equity;
  std::span<const TimeNs> label;
};

TimeNs day_of(TimeNs time) { return time / kDayNs - (time % kDayNs < 0 ? 1 : 0); }

Periods periods_of(const FinishedRun& run) {
  Periods periods;
  periods.equity = run.result.equity;
  periods.label = run.bars.label.first(run.bars_run());
  if (!run.interval.intraday()) return periods;
  for (std::size_t bar = 0; bar < run.bars_run(); ++bar) {
    const bool same_day = bar > 0 && day_of(periods.label[bar]) == day_of(periods.label[bar - 1]);
    if (same_day) {
      periods.own_equity.back() = periods.equity[bar];
    } else {
      periods.own_equity.push_back(periods.equity[bar]);
      periods.own_label.push_back(day_of(periods.label[bar]) * kDayNs);
    }
  }
  periods.equity = periods.own_equity;
  periods.label = periods.own_label;
  return periods;
}

Figure periods_per_year(std::span<const TimeNs> label) {
  if (label.size() < 2) return Figure::none(Undefined::too_short);
  const auto span = static_cast<double>(elapsed_ns(label.front(), label.back()));
  const double observed = static_cast<double>(label.size() - 1) * kYearNs / span;
  constexpr std::array kUsual{365.0, 252.0, 52.0, 12.0, 4.0, 1.0};
  const double nearest = *std::ranges::min_element(
      kUsual, {}, [&](double usual) { return std::abs(observed / usual - 1); });
  return Figure::of(std::abs(observed / nearest - 1) <= 0.05 ? nearest : observed);
}

struct Moments {
  double mean, deviation, greatest;
};

Moments moments_of(std::span<const double> equity, double start) {
  std::vector<double> returns(equity.size());
  double before = start;
  double sum = 0;
  double greatest = 0;
  for (std::size_t i = 0; i < equity.size(); ++i) {
    returns[i] = equity[i] / before - 1;
    before = equity[i];
    sum += returns[i];
    greatest = std::max(greatest, std::abs(returns[i]));
  }
  const auto count = static_cast<double>(returns.size());
  const double mean = sum / count;
  double squares = 0;
  for (const double value : returns) squares += (value - mean) * (value - mean);
  return {mean, std::sqrt(squares / (count - 1)), greatest};
}

void add_risk(const FinishedRun& run, ReturnFigures& figures) {
  const Periods periods = periods_of(run);
  figures.periods_per_year = periods_per_year(periods.label);
  const auto positive = [](double value) { return value > 0; };
  Undefined why = Undefined::defined;
  if (periods.equity.size() < 2) {
    why = Undefined::too_few_returns;
  } else if (!positive(run.result.start_cash) || !std::ranges::all_of(periods.equity, positive)) {
    why = Undefined::equity_not_positive;
  }
  if (why != Undefined::defined) {
    figures.volatility_ann_pct = figures.sharpe_ratio = Figure::none(why);
    return;
  }
  const Moments moments = moments_of(periods.equity, run.result.start_cash);
  const double root = std::sqrt(figures.periods_per_year.value);
  figures.volatility_ann_pct = Figure::of(moments.deviation * root * 100);
  figures.sharpe_ratio = moments.deviation <= 1e-12 * moments.greatest
                             ? Figure::none(Undefined::zero_variance)
                             : Figure::of(root * moments.mean / moments.deviation);
}

Figure cagr_pct(const FinishedRun& run, double last) {
  if (run.bars_run() == 0) return Figure::none(Undefined::too_short);
  const double start = run.result.start_cash;
  if (!(start > 0) || !(last > 0)) return Figure::none(Undefined::equity_not_positive);
  const auto elapsed =
      static_cast<double>(elapsed_ns(run.bars.label[0], run.bars.close_time[run.bars_run() - 1]));
  if (!(elapsed > 0)) return Figure::none(Undefined::too_short);
  return Figure::of((std::pow(last / start, kYearNs / elapsed) - 1) * 100);
}

}  // namespace

ReturnFigures return_figures(const FinishedRun& run) {
  const double start = run.result.start_cash;
  const std::vector<double>& equity = run.result.equity;
  const double last = equity.empty() ? start : equity.back();
  ReturnFigures figures;
  figures.pnl = Figure::of(last - start);
  figures.return_pct = start > 0 ? Figure::of((last / start - 1) * 100)
                                 : Figure::none(Undefined::equity_not_positive);
  figures.buy_hold_return_pct =
      equity.empty()
          ? Figure::none(Undefined::too_short)
          : Figure::of((run.bars.close[equity.size() - 1] / run.bars.close[0] - 1) * 100);
  figures.cagr_pct = cagr_pct(run, last);
  add_risk(run, figures);
  figures.equity_final = Figure::of(last);
  figures.equity_peak =
      Figure::of(equity.empty() ? start : std::max(start, *std::ranges::max_element(equity)));
  return figures;
}

}  // namespace runledger
