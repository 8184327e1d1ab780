#pragma once

#include <cstddef>
#include <limits>

#include <runledger/bar.hpp>
#include <runledger/indicators/sliding_extreme.hpp>

namespace runledger {

// Donchian channel: the highest high and the lowest low of the last n bars, the present one
// included. For the bars before it, look at value() before update().
//
// Warm-up: n bars; NaN before. A NaN makes its side NaN until it has left the window.
class Donchian {
 public:
  struct Channel {
    double upper, lower;
    [[nodiscard]] double middle() const { return (upper + lower) / 2; }
  };

  explicit Donchian(std::size_t length = 20) : highest_(length), lowest_(length) {}

  // Takes the next bar (high, low) and returns value().
  Channel update(const Bar& bar) {
    return channel_ = {highest_.update(bar.high), lowest_.update(bar.low)};
  }
  [[nodiscard]] Channel value() const { return channel_; }
  [[nodiscard]] bool ready() const { return highest_.ready(); }
  [[nodiscard]] std::size_t warm_up() const { return highest_.warm_up(); }

 private:
  static constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

  SlidingMax highest_;
  SlidingMin lowest_;
  Channel channel_{kNaN, kNaN};
};

}  // namespace runledger
