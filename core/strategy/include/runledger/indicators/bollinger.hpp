#pragma once

#include <cmath>
#include <cstddef>
#include <limits>

#include <runledger/indicators/sma.hpp>

namespace runledger {

// Bollinger bands: the mean of the last n values, and k population deviations above and below it.
// The deviation is sqrt(|mean of squares - square of mean|), which cancels where prices stand
// still.
//
// Warm-up: n values; NaN before. A NaN makes the values NaN until it has left the window.
class Bollinger {
 public:
  struct Bands {
    double middle, top, bottom;
  };

  explicit Bollinger(std::size_t length = 1, double factor = 2)
      : mean_(length), mean_square_(length), factor_(factor) {}

  // Takes the next value and returns value().
  Bands update(double value) {
    const double middle = mean_.update(value);
    const double mean_square = mean_square_.update(value * value);
    const double deviation = std::sqrt(std::abs(mean_square - middle * middle));
    const double width = factor_ * deviation;
    return bands_ = {middle, middle + width, middle - width};
  }
  [[nodiscard]] Bands value() const { return bands_; }
  [[nodiscard]] bool ready() const { return mean_.ready(); }
  [[nodiscard]] std::size_t warm_up() const { return mean_.warm_up(); }

 private:
  static constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

  Sma mean_, mean_square_;
  double factor_;
  Bands bands_{kNaN, kNaN, kNaN};
};

}  // namespace runledger
