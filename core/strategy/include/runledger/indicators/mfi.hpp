#pragma once

#include <cmath>
#include <cstddef>
#include <limits>

#include <runledger/bar.hpp>
#include <runledger/indicators/sliding_sum.hpp>

namespace runledger {

// Money flow index (Quong and Soudack, 1989): 100 - 100 / (1 + inflow / outflow) over n bars. A
// bar's flow is tp volume, with the typical price tp = ((high + low) + close) / 3; it is inflow
// where tp rose, outflow where it fell. Both sums are correctly rounded.
// Without any outflow the quotient is taken as 1, which gives 50.
//
// Warm-up: n + 1 bars; NaN before. A bar with a NaN makes the values NaN until it has left the
//          window.
class Mfi {
 public:
  explicit Mfi(std::size_t length = 14) : inflow_(length), outflow_(length) {}

  // Takes the next bar (high, low, close, volume) and returns value().
  double update(const Bar& bar) {
    const double typical = ((bar.high + bar.low) + bar.close) / 3;
    const double last = last_;
    last_ = typical;
    if (!started_) {
      started_ = true;
      return value_;
    }
    const double flow = typical * bar.volume;
    const bool defined = !std::isnan(flow) && !std::isnan(last);
    const double inflow = inflow_.update(!defined ? kNaN : typical > last ? flow : 0);
    const double outflow = outflow_.update(!defined ? kNaN : typical < last ? flow : 0);
    if (!outflow_.ready()) return value_;
    const double ratio = outflow == 0 ? 1 : inflow / outflow;
    return value_ = 100 - 100 / (1 + ratio);
  }
  [[nodiscard]] double value() const { return value_; }
  [[nodiscard]] bool ready() const { return outflow_.ready(); }
  [[nodiscard]] std::size_t warm_up() const { return outflow_.length() + 1; }

 private:
  static constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

  SlidingSum inflow_, outflow_;
  bool started_ = false;
  double last_ = kNaN;
  double value_ = kNaN;
};

}  // namespace runledger
