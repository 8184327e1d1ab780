#pragma once

#include <cstddef>
#include <limits>
#include <stdexcept>
#include <vector>

namespace runledger {

// Rate of change against the value n bars before: (x - before) / before. A fraction, no percent.
//
// Warm-up: n + 1 values; NaN before. NaN, too, for 0 / 0, and where either value is.
class Roc {
 public:
  explicit Roc(std::size_t length = 12)
      : window_(length, std::numeric_limits<double>::quiet_NaN()), missing_(length + 1) {
    if (length == 0) throw std::invalid_argument("a rate of change needs at least one bar");
  }

  // Takes the next value and returns value().
  double update(double value) {
    double& slot = window_[next_];
    value_ = (value - slot) / slot;
    slot = value;
    if (++next_ == window_.size()) next_ = 0;
    if (missing_ > 0) --missing_;
    return value_;
  }
  [[nodiscard]] double value() const { return value_; }
  [[nodiscard]] bool ready() const { return missing_ == 0; }
  [[nodiscard]] std::size_t warm_up() const { return window_.size() + 1; }

 private:
  std::vector<double> window_;
  std::size_t next_ = 0;
  std::size_t missing_;
  double value_ = std::numeric_limits<double>::quiet_NaN();
};

}  // namespace runledger
