#pragma once

#include <cmath>
#include <limits>

#include <runledger/metrics/metrics.hpp>

namespace runledger {

// A number, or the reason why there is none.
struct Figure {
  double value = std::numeric_limits<double>::quiet_NaN();
  Undefined undefined = Undefined::defined;

  static Figure of(double value) { return {.value = value}; }
  // Made of a growth that is taken for a year's: one of minutes may be beyond every number.
  static Figure of_growth(double value) {
    return std::isfinite(value) ? of(value) : none(Undefined::too_short);
  }
  static Figure none(Undefined why) { return {.undefined = why}; }
  [[nodiscard]] bool defined() const { return undefined == Undefined::defined; }
};

// The figure times `factor`, with its reason when it is undefined.
inline Figure scaled(const Figure& figure, double factor) {
  return figure.defined() ? Figure::of(figure.value * factor) : figure;
}

// numerator / denominator; undefined when either is, for the reason of the first that is.
inline Figure quotient(const Figure& numerator, const Figure& denominator) {
  if (!numerator.defined()) return numerator;
  if (!denominator.defined()) return denominator;
  return Figure::of(numerator.value / denominator.value);
}

// What rounding leaves of a spread that is none, beside values as great as `greatest`.
inline bool vanishes(double spread, double greatest) { return spread <= 1e-12 * greatest; }

// A yearly rate as one of a period, of which `periods` are a year: (1 + rate)^(1 / periods) - 1.
inline double rate_of_period(double rate, double periods) {
  return rate == 0 ? 0 : std::pow(1 + rate, 1 / periods) - 1;
}

}  // namespace runledger
