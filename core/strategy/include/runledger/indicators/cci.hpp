#pragma once

#include <cmath>
#include <cstddef>
#include <limits>

#include <runledger/bar.hpp>
#include <runledger/indicators/sma.hpp>

namespace runledger {

// Commodity channel index (Lambert, 1980): (tp - mean) / (0.015 deviation), with the typical price
// tp = ((high + low) + close) / 3 and its mean over n bars. The deviation is the mean over n bars
// of |tp - mean|, each from the mean of its own bar; the textbook takes the n prices of the window
// from its present mean instead.
//
// Warm-up: 2n - 1 bars; NaN before. NaN, too, where the deviation is zero (0 / 0), and until a bar
//          with a NaN has left the windows.
class Cci {
 public:
  explicit Cci(std::size_t length = 20) : mean_(length), deviation_(length) {}

  // Takes the next bar (high, low, close) and returns value().
  double update(const Bar& bar) {
    const double typical = ((bar.high + bar.low) + bar.close) / 3;
    const double mean = mean_.update(typical);
    if (!mean_.ready()) return value_;
    const double deviation = deviation_.update(std::abs(typical - mean));
    return value_ = (typical - mean) / (0.015 * deviation);
  }
  [[nodiscard]] double value() const { return value_; }
  [[nodiscard]] bool ready() const { return deviation_.ready(); }
  [[nodiscard]] std::size_t warm_up() const { return mean_.warm_up() + deviation_.warm_up() - 1; }

 private:
  Sma mean_, deviation_;
  double value_ = std::numeric_limits<double>::quiet_NaN();
};

}  // namespace runledger
