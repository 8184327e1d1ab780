#pragma once

#include <span>

namespace runledger {

// Moments of a sample about its mean, two-pass: the mean first, then the powers of what each value
// lies away from it. Sums are taken in the order of lanes.hpp.
struct Moments {
  double count = 0;
  double mean = 0;
  double greatest = 0;                       // the greatest absolute value
  double second = 0, third = 0, fourth = 0;  // sums of the powers, not divided

  // sqrt(second / (n - 1)), ddof 1; NaN for fewer than two values.
  [[nodiscard]] double deviation() const;
  // Whether the values are equal but for rounding: deviation at most 1e-12 of the greatest.
  [[nodiscard]] bool flat() const;
  // Population skewness g3 and raw kurtosis g4 (3 for the normal distribution).
  [[nodiscard]] double skewness() const;
  [[nodiscard]] double raw_kurtosis() const;
};
Moments moments_of(std::span<const double> values);

// What lies on either side of a threshold.
struct Sides {
  double above = 0;          // sum of max(x - threshold, 0)
  double below = 0;          // sum of max(threshold - x, 0)
  double below_squares = 0;  // sum of the squares of the latter
};
Sides sides_of(std::span<const double> values, double threshold);

// Two samples of one length against each other: `b` is what `a` is explained by.
struct Pairing {
  double covariance = 0;   // sum of (a - mean) (b - mean)
  double b_squares = 0;    // sum of (b - mean)^2
  double gap_squares = 0;  // sum of ((a - b) - mean)^2
  double a_mean = 0, b_mean = 0;
  double b_greatest = 0;  // absolute value
};
Pairing pairing_of(std::span<const double> a, double a_mean, std::span<const double> b);

}  // namespace runledger
