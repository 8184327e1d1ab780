#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>

#include <runledger/indicators/ema.hpp>

namespace runledger {

// Moving average convergence and divergence (Appel): the fast EMA less the slow one, and an EMA of
// that as its signal.
//
// Warm-up: macd max(fast, slow) values, signal `signal` - 1 more; NaN before. NaN as in
//          RecursiveMean.
class Macd {
 public:
  struct Lengths {
    std::size_t fast = 12, slow = 26, signal = 9;
  };
  struct Lines {
    double macd, signal;
  };

  Macd() : Macd(Lengths{}) {}
  explicit Macd(Lengths lengths)
      : fast_(lengths.fast), slow_(lengths.slow), signal_(lengths.signal) {}

  // Takes the next value and returns value().
  Lines update(double value) {
    const double fast = fast_.update(value);
    const double macd = fast - slow_.update(value);
    return lines_ = {macd, signal_.update(macd)};
  }
  [[nodiscard]] Lines value() const { return lines_; }
  [[nodiscard]] bool ready() const { return signal_.ready(); }
  [[nodiscard]] std::size_t warm_up() const {
    return std::max(fast_.warm_up(), slow_.warm_up()) + signal_.warm_up() - 1;
  }

 private:
  static constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

  Ema fast_, slow_, signal_;
  Lines lines_{kNaN, kNaN};
};

}  // namespace runledger
