#pragma once

#include <cmath>
#include <cstddef>
#include <limits>

#include <runledger/bar.hpp>

namespace runledger {

// On-balance volume (Granville, 1963): the first bar's volume, then each bar's volume added where
// the close rose and taken off where it fell, in the order of the bars.
//
// Warm-up: 1 bar; NaN before. A NaN makes all values NaN from there on.
class Obv {
 public:
  // Takes the next bar (close, volume) and returns value().
  double update(const Bar& bar) {
    if (std::isnan(bar.close)) {
      value_ = bar.close;
    } else if (!ready_) {
      value_ = bar.volume;
    } else if (bar.close > last_close_) {
      value_ += bar.volume;
    } else if (bar.close < last_close_) {
      value_ -= bar.volume;
    }
    ready_ = true;
    last_close_ = bar.close;
    return value_;
  }
  [[nodiscard]] double value() const { return value_; }
  [[nodiscard]] bool ready() const { return ready_; }
  [[nodiscard]] static std::size_t warm_up() { return 1; }

 private:
  bool ready_ = false;
  double last_close_ = std::numeric_limits<double>::quiet_NaN();
  double value_ = std::numeric_limits<double>::quiet_NaN();
};

}  // namespace runledger
