#pragma once

#include <cstddef>
#include <limits>

#include <runledger/bar.hpp>
#include <runledger/indicators/donchian.hpp>
#include <runledger/indicators/sma.hpp>

namespace runledger {

// Slow stochastic oscillator (Lane): where the close lies in the range of the last n bars, from 0
// to 100, 100 ((close - lowest) / (highest - lowest)); %K is the mean of the last `smooth_k` of
// these, %D the mean of the last `smooth_d` of %K.
//
// Warm-up: %K n + smooth_k - 1 bars, %D smooth_d - 1 more; NaN before. A bar on which highest =
//          lowest (0 / 0), or with a NaN, makes the values NaN until it has left the windows.
class Stochastic {
 public:
  struct Lengths {
    std::size_t range = 14, smooth_k = 3, smooth_d = 3;
  };
  struct Lines {
    double k, d;
  };

  Stochastic() : Stochastic(Lengths{}) {}
  explicit Stochastic(Lengths lengths)
      : channel_(lengths.range), k_(lengths.smooth_k), d_(lengths.smooth_d) {}

  // Takes the next bar (high, low, close) and returns value().
  Lines update(const Bar& bar) {
    const auto [highest, lowest] = channel_.update(bar);
    if (!channel_.ready()) return lines_;
    const double k = k_.update(100 * ((bar.close - lowest) / (highest - lowest)));
    return lines_ = {k, k_.ready() ? d_.update(k) : k};
  }
  [[nodiscard]] Lines value() const { return lines_; }
  // Whether both lines are.
  [[nodiscard]] bool ready() const { return d_.ready(); }
  [[nodiscard]] std::size_t warm_up() const {
    return channel_.warm_up() + k_.warm_up() + d_.warm_up() - 2;
  }

 private:
  static constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

  Donchian channel_;
  Sma k_, d_;
  Lines lines_{kNaN, kNaN};
};

}  // namespace runledger
