#pragma once

#include <cstddef>

#include <runledger/indicators/sliding_sum.hpp>

namespace runledger {

// Simple moving average: the mean of the last n values, one correctly rounded sum and one division.
//
// Warm-up: n values; NaN before. A NaN makes the values NaN until it has left the window.
class Sma {
 public:
  explicit Sma(std::size_t length = 1) : sum_(length), divisor_(static_cast<double>(length)) {}

  // Takes the next value and returns value().
  double update(double value) { return sum_.update(value) / divisor_; }
  [[nodiscard]] double value() const { return sum_.value() / divisor_; }
  [[nodiscard]] bool ready() const { return sum_.ready(); }
  // How many values it takes until the first is defined.
  [[nodiscard]] std::size_t warm_up() const { return sum_.length(); }

 private:
  SlidingSum sum_;
  double divisor_;
};

}  // namespace runledger
