#pragma once

#include <cmath>
#include <cstddef>
#include <limits>

#include <runledger/bar.hpp>
#include <runledger/indicators/atr.hpp>
#include <runledger/indicators/ema.hpp>

namespace runledger {

// Average directional index (Wilder, 1978), and the two directional indicators it is made of.
// A bar's movement is up where its high rose by more than its low fell, down where the low fell by
// more; else none. Then
//   plus  = (100 SMMA(up movement)) / ATR, minus likewise of the down movement;
//   adx   = 100 SMMA(|plus - minus| / (plus + minus)).
// A market without movement has no direction: plus and minus are 0 where the ATR is 0, and the
// quotient is 0 where both of them are.
//
// Warm-up: plus and minus n + 1 bars, adx 2n; NaN before. NaN as in RecursiveMean.
class Adx {
 public:
  struct Lines {
    double adx, plus, minus;
  };

  explicit Adx(std::size_t length = 14)
      : range_(length), up_(length), down_(length), index_(length) {}

  // Takes the next bar (high, low, close) and returns value().
  Lines update(const Bar& bar) {
    const double rise = bar.high - last_high_;
    const double fall = last_low_ - bar.low;
    last_high_ = bar.high;
    last_low_ = bar.low;
    const double range = range_.update(bar);
    lines_.plus = share(100 * up_.update(movement(rise, fall)), range);
    lines_.minus = share(100 * down_.update(movement(fall, rise)), range);
    const double strength = std::abs(lines_.plus - lines_.minus);
    lines_.adx = 100 * index_.update(share(strength, lines_.plus + lines_.minus));
    return lines_;
  }
  [[nodiscard]] Lines value() const { return lines_; }
  // Whether all three lines are.
  [[nodiscard]] bool ready() const { return index_.ready(); }
  [[nodiscard]] std::size_t warm_up() const { return range_.warm_up() + index_.warm_up() - 1; }

 private:
  static constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

  static double movement(double forwards, double backwards) {
    if (std::isnan(forwards) || std::isnan(backwards)) return kNaN;
    return forwards > backwards && forwards > 0 ? forwards : 0;
  }
  static double share(double part, double whole) { return whole == 0 ? 0 : part / whole; }

  Atr range_;
  Smma up_, down_, index_;
  double last_high_ = kNaN, last_low_ = kNaN;
  Lines lines_{kNaN, kNaN, kNaN};
};

}  // namespace runledger
