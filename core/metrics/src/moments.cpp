#include "moments.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "figure.hpp"
#include "lanes.hpp"

namespace runledger {
namespace {

double greatest_of(const Summary& summary) {
  return std::max(std::abs(summary.lowest), std::abs(summary.highest));
}

}  // namespace

double Moments::deviation() const { return std::sqrt(second / (count - 1)); }

bool Moments::flat() const { return vanishes(deviation(), greatest); }

double Moments::skewness() const {
  const double variance = second / count;
  return third / count / (variance * std::sqrt(variance));
}

double Moments::raw_kurtosis() const {
  const double variance = second / count;
  return fourth / count / (variance * variance);
}

Moments moments_of(std::span<const double> values) {
  const Summary summary = summary_of(values);
  const auto count = static_cast<double>(values.size());
  const double mean = summary.sum / count;
  const auto [second, third, fourth] = lane_sums<3>(values.size(), [&](std::size_t i) {
    const double away = values[i] - mean;
    const double square = away * away;
    return std::array{square, square * away, square * square};
  });
  return {.count = count,
          .mean = mean,
          .greatest = greatest_of(summary),
          .second = second,
          .third = third,
          .fourth = fourth};
}

Sides sides_of(std::span<const double> values, double threshold) {
  const auto [above, below, below_squares] = lane_sums<3>(values.size(), [&](std::size_t i) {
    const double away = values[i] - threshold;
    const double under = away < 0 ? -away : 0;
    return std::array{away > 0 ? away : 0, under, under * under};
  });
  return {.above = above, .below = below, .below_squares = below_squares};
}

Pairing pairing_of(std::span<const double> a, double a_mean, std::span<const double> b) {
  const Summary of_b = summary_of(b);
  const double b_mean = of_b.sum / static_cast<double>(b.size());
  const auto [covariance, b_squares, gap_squares] = lane_sums<3>(a.size(), [&](std::size_t i) {
    const double away_a = a[i] - a_mean;
    const double away_b = b[i] - b_mean;
    const double gap = away_a - away_b;
    return std::array{away_a * away_b, away_b * away_b, gap * gap};
  });
  return {.covariance = covariance,
          .b_squares = b_squares,
          .gap_squares = gap_squares,
          .a_mean = a_mean,
          .b_mean = b_mean,
          .b_greatest = greatest_of(of_b)};
}

}  // namespace runledger
