// Averages that weigh the past by powers: EMA, Wilder's SMMA, TEMA.
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>

#include <runledger/indicators/sma.hpp>

namespace runledger {

// prev * (1 - alpha) + x * alpha, seeded with the plain mean of the first n values.
//
// Warm-up: n values; NaN before. NaN that come before the first number are skipped, so that one
// indicator can feed another; a later one makes all values NaN from there on.
class RecursiveMean {
 public:
  RecursiveMean(std::size_t length, double alpha)
      : length_(length), alpha_(alpha), rest_(1.0 - alpha), seed_(length) {}

  // Takes the next value and returns value().
  double update(double value) {
    if (!seed_) [[likely]]
      return mean_ = mean_ * rest_ + value * alpha_;
    if (std::isnan(value) && !started_) return mean_;
    started_ = true;
    mean_ = seed_->update(value);
    if (seed_->ready()) seed_.reset();
    return mean_;
  }
  [[nodiscard]] double value() const { return mean_; }
  [[nodiscard]] bool ready() const { return !seed_; }
  // How many values it takes until the first is defined.
  [[nodiscard]] std::size_t warm_up() const { return length_; }

 private:
  std::size_t length_;
  double alpha_, rest_;
  double mean_ = std::numeric_limits<double>::quiet_NaN();
  bool started_ = false;
  std::optional<Sma> seed_;
};

// Exponential moving average, alpha = 2 / (1 + n).
class Ema : public RecursiveMean {
 public:
  explicit Ema(std::size_t length = 1)
      : RecursiveMean(length, 2.0 / (1.0 + static_cast<double>(length))) {}
};

// Smoothed moving average (Wilder's), alpha = 1 / n.
class Smma : public RecursiveMean {
 public:
  explicit Smma(std::size_t length = 1)
      : RecursiveMean(length, 1.0 / static_cast<double>(length)) {}
};

// Triple exponential moving average (Mulloy, 1994): (3 e1 - 3 e2) + e3, each the EMA of the one
// before.
//
// Warm-up: 3 (n - 1) + 1 values. NaN as in RecursiveMean.
class Tema {
 public:
  explicit Tema(std::size_t length = 1) : first_(length), second_(length), third_(length) {}

  double update(double value) {
    const double once = first_.update(value);
    const double twice = second_.update(once);
    const double thrice = third_.update(twice);
    return value_ = (3 * once - 3 * twice) + thrice;
  }
  [[nodiscard]] double value() const { return value_; }
  [[nodiscard]] bool ready() const { return third_.ready(); }
  [[nodiscard]] std::size_t warm_up() const { return 3 * (first_.warm_up() - 1) + 1; }

 private:
  Ema first_, second_, third_;
  double value_ = std::numeric_limits<double>::quiet_NaN();
};

}  // namespace runledger
