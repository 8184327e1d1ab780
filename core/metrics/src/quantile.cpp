#include "quantile.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <memory>
#include <utility>

#include "lanes.hpp"

namespace runledger {
namespace {

// The type 7 quantile of `count` values of which `lowest` holds the lowest, in any order and more
// than floor(h) + 1 of them or all.
double from_lowest(std::span<double> lowest, std::size_t count, double probability) {
  const double place = static_cast<double>(count - 1) * probability;
  const auto below = static_cast<std::size_t>(place);
  const auto at = lowest.begin() + static_cast<std::ptrdiff_t>(below);
  std::ranges::nth_element(lowest, at);
  const double fraction = place - static_cast<double>(below);
  if (fraction == 0 || at + 1 == lowest.end()) return *at;
  const double above = *std::min_element(at + 1, lowest.end());
  return *at + fraction * (above - *at);
}

// The lowest values of `sign` * values go to `out`: those at or below the first of a few thresholds
// that leaves enough; in the end all. Ordering a tenth of the values costs a tenth.
std::span<double> lowest_of(std::span<const double> values, double sign, const Moments& moments,
                            std::size_t wanted, double* out) {
  constexpr std::array kDeviations{1.2, 0.6};
  for (const double deviations : kDeviations) {
    const double threshold = sign * moments.mean - deviations * moments.deviation();
    std::size_t found = 0;
    for (const double value : values) {
      out[found] = sign * value;
      found += sign * value <= threshold ? 1 : 0;
    }
    if (found >= wanted) return {out, found};
  }
  for (std::size_t i = 0; i < values.size(); ++i) out[i] = sign * values[i];
  return {out, values.size()};
}

// The mean of the values at or below `threshold`, of which there is one at least.
double mean_at_most(std::span<const double> values, double threshold) {
  const auto [sum, count] = lane_sums<2>(values.size(), [&](std::size_t i) {
    const bool counts = values[i] <= threshold;
    return std::array{counts ? values[i] : 0.0, counts ? 1.0 : 0.0};
  });
  return sum / count;
}

}  // namespace

Tails tails_of(std::span<const double> values, const Moments& moments) {
  constexpr double kTail = 0.05;
  const std::size_t count = values.size();
  const auto wanted =
      std::min(static_cast<std::size_t>(static_cast<double>(count - 1) * kTail) + 2, count);
  // One more than is read, since a value is written before it is known to count.
  const auto in_order = std::make_unique_for_overwrite<double[]>(count + 1);
  const auto selected = std::make_unique_for_overwrite<double[]>(count);
  const auto tail = [&](double sign) {
    const std::span<double> lowest = lowest_of(values, sign, moments, wanted, in_order.get());
    std::ranges::copy(lowest, selected.get());
    return std::pair(lowest, from_lowest({selected.get(), lowest.size()}, count, kTail));
  };
  Tails tails;
  tails.high = -tail(-1).second;
  const auto [lowest, low] = tail(1);
  tails.low = low;
  tails.mean_below = mean_at_most(lowest, low);
  return tails;
}

}  // namespace runledger
