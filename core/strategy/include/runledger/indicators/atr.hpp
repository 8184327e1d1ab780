#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include <runledger/bar.hpp>
#include <runledger/indicators/ema.hpp>

namespace runledger {

// Average true range (Wilder, 1978): SMMA of max(high, last close) - min(low, last close), which
// the first bar does not have.
//
// Warm-up: n + 1 bars; NaN before. NaN as in RecursiveMean.
class Atr {
 public:
  explicit Atr(std::size_t length = 14) : mean_(length) {}

  // Takes the next bar (high, low, close) and returns value().
  double update(const Bar& bar) {
    const double last = last_close_;
    last_close_ = bar.close;
    if (std::isnan(last)) return mean_.update(last);
    return mean_.update(std::max(bar.high, last) - std::min(bar.low, last));
  }
  [[nodiscard]] double value() const { return mean_.value(); }
  [[nodiscard]] bool ready() const { return mean_.ready(); }
  [[nodiscard]] std::size_t warm_up() const { return mean_.warm_up() + 1; }

 private:
  Smma mean_;
  double last_close_ = std::numeric_limits<double>::quiet_NaN();
};

}  // namespace runledger
