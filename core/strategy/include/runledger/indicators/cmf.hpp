#pragma once

#include <cstddef>
#include <limits>

#include <runledger/bar.hpp>
#include <runledger/indicators/sliding_sum.hpp>

namespace runledger {

// Chaikin money flow: sum of flow / sum of volume over n bars, both correctly rounded. A bar's flow
// is (((2 close - low) - high) / (high - low)) volume: all of the volume where it closes at its
// high, minus all of it at its low.
// A bar whose high is its low has no flow, and a window without volume the value 0.
//
// Warm-up: n bars; NaN before. A bar with a NaN makes the values NaN until it has left the window.
class Cmf {
 public:
  explicit Cmf(std::size_t length = 20) : flow_(length), volume_(length) {}

  // Takes the next bar (high, low, close, volume) and returns value().
  double update(const Bar& bar) {
    const double flow = flow_.update(flow_of(bar));
    const double volume = volume_.update(bar.volume);
    return value_ = volume == 0 ? 0 : flow / volume;
  }
  [[nodiscard]] double value() const { return value_; }
  [[nodiscard]] bool ready() const { return volume_.ready(); }
  [[nodiscard]] std::size_t warm_up() const { return volume_.length(); }

 private:
  static double flow_of(const Bar& bar) {
    if (bar.high == bar.low) return 0;
    return (((2 * bar.close - bar.low) - bar.high) / (bar.high - bar.low)) * bar.volume;
  }

  SlidingSum flow_, volume_;
  double value_ = std::numeric_limits<double>::quiet_NaN();
};

}  // namespace runledger
