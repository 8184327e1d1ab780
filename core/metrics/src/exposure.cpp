#include "exposure.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "lanes.hpp"

namespace runledger {
namespace {

// Trades are in order of entry, being closed first in first out, and may overlap.
std::uint64_t bars_in_position(const RunResult& result) {
  std::uint64_t count = 0;
  std::uint64_t covered = 0;
  for (const TradeRecord& trade : result.trades) {
    const std::uint64_t end = trade.exit_bar.value_or(result.equity.size());
    const std::uint64_t begin = std::max(trade.entry_bar, covered);
    if (end > begin) count += end - begin;
    covered = std::max(covered, end);
  }
  return count;
}

// Over bars begin..end: the sum of close / equity.
double price_by_equity(const FinishedRun& run, std::size_t begin, std::size_t end) {
  const double* close = &run.bars.close[begin];
  const double* equity = &run.result.equity[begin];
  return lane_sums<1>(end - begin,
                      [&](std::size_t i) { return std::array{close[i] / equity[i]}; })[0];
}

struct Held {
  double gross = 0, net = 0;  // summed over the bars, as shares of equity
};

// The position is constant from one fill to the next.
Held held(const FinishedRun& run) {
  Held held;
  double position = 0;
  std::size_t since = 0;
  const auto keep_until = [&](std::size_t bar) {
    if (position != 0 && bar > since) {
      const double share = position * price_by_equity(run, since, bar);
      held.net += share;
      held.gross += std::abs(share);
    }
    since = bar;
  };
  for (const FillRecord& fill : run.result.fills) {
    keep_until(fill.bar);
    position += fill.quantity;
  }
  keep_until(run.bars_run());
  return held;
}

Figure turnover_ann(const FinishedRun& run, const Figure& duration, double mean_equity) {
  if (!duration.defined()) return duration;
  if (!(duration.value > 0)) return Figure::none(Undefined::too_short);
  if (!(mean_equity > 0)) return Figure::none(Undefined::equity_not_positive);
  double traded = 0;
  for (const FillRecord& fill : run.result.fills) traded += std::abs(fill.quantity) * fill.price;
  constexpr double kYear = 365.25 * 86'400;
  return Figure::of(traded / (duration.value / kYear) / mean_equity);
}

}  // namespace

ExposureFigures exposure_figures(const FinishedRun& run, const BaseSeries& series,
                                 const Figure& duration) {
  const auto bars = static_cast<double>(run.bars_run());
  ExposureFigures figures;
  double commissions = 0;
  for (const FillRecord& fill : run.result.fills) commissions += fill.fee;
  figures.commissions = Figure::of(commissions);
  figures.turnover_ann = turnover_ann(run, duration, series.bar_equity().sum / bars);
  if (run.bars_run() == 0) {
    figures.exposure_time_pct = figures.exposure_gross_pct = figures.exposure_net_pct =
        Figure::none(Undefined::too_short);
    return figures;
  }
  figures.exposure_time_pct =
      Figure::of(100 * static_cast<double>(bars_in_position(run.result)) / bars);
  if (!(series.bar_equity().lowest > 0)) {
    figures.exposure_gross_pct = figures.exposure_net_pct =
        Figure::none(Undefined::equity_not_positive);
    return figures;
  }
  const Held shares = held(run);
  figures.exposure_gross_pct = Figure::of(100 * shares.gross / bars);
  figures.exposure_net_pct = Figure::of(100 * shares.net / bars);
  return figures;
}

}  // namespace runledger
