#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>

#include <runledger/bar.hpp>
#include <runledger/indicators/atr.hpp>
#include <runledger/indicators/ema.hpp>

namespace runledger {

// Keltner channel, as Raschke changed it: the EMA of the close, and `factor` average true ranges
// above and below it.
//
// Warm-up: max(mean, range + 1) bars; NaN before (the middle from `mean` on). NaN as in
//          RecursiveMean.
class Keltner {
 public:
  struct Lengths {
    std::size_t mean = 20, range = 10;
  };
  struct Bands {
    double middle, upper, lower;
  };

  Keltner() : Keltner(Lengths{}, 2) {}
  Keltner(Lengths lengths, double factor)
      : mean_(lengths.mean), range_(lengths.range), factor_(factor) {}

  // Takes the next bar (high, low, close) and returns value().
  Bands update(const Bar& bar) {
    const double middle = mean_.update(bar.close);
    const double width = range_.update(bar) * factor_;
    return bands_ = {middle, middle + width, middle - width};
  }
  [[nodiscard]] Bands value() const { return bands_; }
  // The average true range.
  [[nodiscard]] double range() const { return range_.value(); }
  // Whether all three lines are.
  [[nodiscard]] bool ready() const { return mean_.ready() && range_.ready(); }
  [[nodiscard]] std::size_t warm_up() const { return std::max(mean_.warm_up(), range_.warm_up()); }

 private:
  static constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

  Ema mean_;
  Atr range_;
  double factor_;
  Bands bands_{kNaN, kNaN, kNaN};
};

}  // namespace runledger
