#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

namespace runledger {

// The order in which every sum over a series is taken: value i is added to lane i mod 4, each lane
// from the first to the last, and the lanes make (0 + 1) + (2 + 3). It is fixed, and four additions
// that do not wait for each other are what a processor does at a time.
inline constexpr std::size_t kLanes = 4;

// The sums of term(i)[0], term(i)[1], ... for i below `count`.
template <std::size_t N, class Term>
std::array<double, N> lane_sums(std::size_t count, Term&& term) {
  std::array<std::array<double, kLanes>, N> lanes{};
  const std::size_t whole = count - count % kLanes;
  for (std::size_t i = 0; i < whole; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const std::array<double, N> terms = term(i + lane);
      for (std::size_t sum = 0; sum < N; ++sum) lanes[sum][lane] += terms[sum];
    }
  }
  for (std::size_t i = whole; i < count; ++i) {
    const std::array<double, N> terms = term(i);
    for (std::size_t sum = 0; sum < N; ++sum) lanes[sum][i - whole] += terms[sum];
  }
  std::array<double, N> sums{};
  for (std::size_t sum = 0; sum < N; ++sum) {
    const auto& lane = lanes[sum];
    sums[sum] = (lane[0] + lane[1]) + (lane[2] + lane[3]);
  }
  return sums;
}

// Sum and ends of values, of which there is at least one.
struct Summary {
  double sum = 0, lowest = 0, highest = 0;
};
inline Summary summary_of(std::span<const double> values) {
  std::array<double, kLanes> sum{}, low{}, high{};
  low.fill(values[0]);
  high.fill(values[0]);
  const auto take = [&](std::size_t lane, double value) {
    sum[lane] += value;
    low[lane] = value < low[lane] ? value : low[lane];
    high[lane] = value > high[lane] ? value : high[lane];
  };
  const std::size_t whole = values.size() - values.size() % kLanes;
  for (std::size_t i = 0; i < whole; i += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane) take(lane, values[i + lane]);
  for (std::size_t i = whole; i < values.size(); ++i) take(i - whole, values[i]);
  return {.sum = (sum[0] + sum[1]) + (sum[2] + sum[3]),
          .lowest = *std::ranges::min_element(low),
          .highest = *std::ranges::max_element(high)};
}

}  // namespace runledger
