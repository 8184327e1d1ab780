#pragma once

#include <cstddef>
#include <limits>

#include <runledger/bar.hpp>
#include <runledger/indicators/donchian.hpp>

namespace runledger {

// Williams %R: where the close lies in the range of the last n bars, from -100 (at the lowest low)
// to 0 (at the highest high): (-100 (highest - close)) / (highest - lowest).
//
// Warm-up: n bars; NaN before. NaN, too, where highest = lowest (0 / 0), and until a NaN has left
//          the window.
class WilliamsR {
 public:
  explicit WilliamsR(std::size_t length = 14) : channel_(length) {}

  // Takes the next bar (high, low, close) and returns value().
  double update(const Bar& bar) {
    const auto [highest, lowest] = channel_.update(bar);
    return value_ = (-100 * (highest - bar.close)) / (highest - lowest);
  }
  [[nodiscard]] double value() const { return value_; }
  [[nodiscard]] bool ready() const { return channel_.ready(); }
  [[nodiscard]] std::size_t warm_up() const { return channel_.warm_up(); }

 private:
  Donchian channel_;
  double value_ = std::numeric_limits<double>::quiet_NaN();
};

}  // namespace runledger
