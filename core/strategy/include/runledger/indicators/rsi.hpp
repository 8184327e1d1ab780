#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include <runledger/indicators/ema.hpp>

namespace runledger {

// Relative strength index (Wilder, 1978): 100 - 100 / (1 + SMMA of rises / SMMA of falls).
// Without any fall it is 100, without any change at all 50.
//
// Warm-up: n + 1 closes; NaN before. NaN as in RecursiveMean.
class Rsi {
 public:
  explicit Rsi(std::size_t length = 14) : rises_(length), falls_(length) {}

  // Takes the next close and returns value().
  double update(double close) {
    const double change = close - last_;
    last_ = close;
    const double rise = rises_.update(std::isnan(change) ? change : std::max(change, 0.0));
    const double fall = falls_.update(std::isnan(change) ? change : std::max(-change, 0.0));
    return value_ = rise == 0 && fall == 0 ? 50.0 : 100.0 - 100.0 / (1.0 + rise / fall);
  }
  [[nodiscard]] double value() const { return value_; }
  [[nodiscard]] bool ready() const { return rises_.ready(); }
  [[nodiscard]] std::size_t warm_up() const { return rises_.warm_up() + 1; }

 private:
  Smma rises_, falls_;
  double last_ = std::numeric_limits<double>::quiet_NaN();
  double value_ = std::numeric_limits<double>::quiet_NaN();
};

}  // namespace runledger
