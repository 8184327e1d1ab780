#include "other_bars.hpp"

#include <algorithm>
#include <cmath>

#include "chance.hpp"

namespace runledger::worker {
namespace {

using schema::OtherFuture;

constexpr double kStepMin = 0.005;   // of the price, each bar of a trend
constexpr double kStepRange = 0.02;  // beyond that, by chance
constexpr double kTrendMax = 2;      // how far a trend goes

Bars copied(const SharedBars& shared, std::size_t first, std::size_t end) {
  const BarColumns columns = shared.columns();
  Bars bars;
  bars.interval = shared.interval();
  const auto copy = [&](auto& column, const auto& source) {
    column.assign(source.begin() + static_cast<std::ptrdiff_t>(first),
                  source.begin() + static_cast<std::ptrdiff_t>(end));
  };
  copy(bars.label, columns.label);
  copy(bars.open, columns.open);
  copy(bars.high, columns.high);
  copy(bars.low, columns.low);
  copy(bars.close, columns.close);
  copy(bars.volume, columns.volume);
  return bars;
}

}  // namespace

Result<SharedBars> bars_with_future(const SharedBars& bars, std::uint64_t cut, OtherFuture future,
                                    std::uint64_t seed) {
  const std::size_t kept = cut + 1;
  if (future == OtherFuture::cut) return SharedBars::make(copied(bars, 0, kept));
  Bars changed = copied(bars, 0, std::min(bars.size(), kept + kColumnPadding));
  Chance chance(seed);
  const double start = bars.columns().close[cut];
  const double volume = bars.columns().volume[cut];
  double ratio = 1;
  for (std::size_t i = kept; i < changed.size(); ++i) {
    const double open = start * ratio;
    const double step = 1 + kStepMin + kStepRange * chance.real();
    // A trend that has gone far enough turns for a bar, and so stays where it is.
    const bool goes_on = future == OtherFuture::rising ? ratio < kTrendMax : ratio > 1 / kTrendMax;
    ratio = (future == OtherFuture::rising) == goes_on ? ratio * step : ratio / step;
    const double close = start * ratio;
    changed.open[i] = open;
    changed.close[i] = close;
    changed.high[i] = std::max(open, close) * (1 + kStepMin * chance.real());
    changed.low[i] = std::min(open, close) * (1 - kStepMin * chance.real());
    changed.volume[i] = std::floor(volume * (0.5 + chance.real()));
  }
  return SharedBars::make(changed);
}

Result<SharedBars> bars_from(const SharedBars& bars, std::uint64_t first) {
  return SharedBars::make(copied(bars, first, bars.size()));
}

}  // namespace runledger::worker
