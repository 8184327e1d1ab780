// The sum of the last n values, correctly rounded, in constant time.
#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <stdexcept>
#include <vector>

#include <runledger/indicators/exact_sum.hpp>

namespace runledger {

// The double nearest to the exact sum of the last `length` values, ties to even: what summing the
// window anew without rounding would give, to the last bit.
//
// Two doubles hold the sum exactly as long as every step of their addition has no error, which is
// so unless the values differ in size by some 2^50. A step that has one is noticed, and the sum
// goes on in an ExactSum, until two doubles can hold it again.
//
// Warm-up:   `length` values; NaN before.
// Not finite: as ExactSum says, until the value has left the window.
class SlidingSum {
 public:
  explicit SlidingSum(std::size_t length) : window_(length), missing_(length) {
    if (length == 0) throw std::invalid_argument("a window needs at least one value");
  }

  // Takes the next value and returns value().
  double update(double value) {
    double& slot = window_[next_];
    const double leaving = slot;
    slot = value;
    if (++next_ == window_.size()) next_ = 0;
    if (missing_ > 0) --missing_;
    if (!wide_) [[likely]] {
      // Knuth's two-sum, four times: each `rest` is the exact error of its sum.
      const Pair change = two_sum(value, -leaving);
      const Pair high = two_sum(high_, change.sum);
      const Pair low = two_sum(low_, high.rest);
      const Pair lower = two_sum(low.sum, change.rest);
      const Pair both = two_sum(high.sum, lower.sum);
      if (low.rest == 0 && lower.rest == 0) [[likely]] {  // no when a NaN
        high_ = both.sum;
        low_ = both.rest;
        return this->value();
      }
    }
    update_wide(value, leaving);
    return this->value();
  }

  [[nodiscard]] double value() const {
    return missing_ == 0 ? high_ : std::numeric_limits<double>::quiet_NaN();
  }
  [[nodiscard]] bool ready() const { return missing_ == 0; }
  [[nodiscard]] std::size_t length() const { return window_.size(); }

 private:
  struct Pair {
    double sum, rest;
  };
  static Pair two_sum(double a, double b) {
    const double sum = a + b;
    const double b_seen = sum - a;
    return {sum, (a - (sum - b_seen)) + (b - b_seen)};
  }

  void update_wide(double entering, double leaving) {
    if (!wide_) {
      wide_.emplace();
      for (const double value : window_) wide_->add(value);
      wide_steps_ = 0;
    } else {
      wide_->add(entering);
      wide_->subtract(leaving);
    }
    high_ = wide_->rounded();
    // Going back at most once in a window's length keeps the cost constant on average.
    if (++wide_steps_ >= window_.size()) try_two_doubles();
  }

  void try_two_doubles() {
    wide_steps_ = 0;
    if (!wide_->is_finite() || !std::isfinite(high_)) return;
    ExactSum rest = *wide_;
    rest.subtract(high_);
    const double low = rest.rounded();
    rest.subtract(low);
    if (!rest.is_zero()) return;
    low_ = low;
    wide_.reset();
  }

  std::vector<double> window_;  // zeros while it fills
  std::size_t next_ = 0;
  std::size_t missing_;
  double high_ = 0, low_ = 0;  // high_ is the sum rounded; exact together while !wide_
  std::size_t wide_steps_ = 0;
  std::optional<ExactSum> wide_;
};

}  // namespace runledger
