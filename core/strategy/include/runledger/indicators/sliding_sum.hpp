// The sum of the last n values, correctly rounded, in constant time.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <vector>

#include <runledger/indicators/exact_sum.hpp>

namespace runledger {

// The double nearest to the exact sum of the last `length` values, ties to even: what summing the
// window anew without rounding would give, to the last bit.
//
// While they differ in size by at most some 2^10 (or have few digits), the values are whole
// multiples of one power of two that fit into 62 bits, and so their sum is kept as a whole number,
// which no addition rounds. A value that does not fit changes the unit, or, when no unit fits the
// window, the sum goes on in an ExactSum, until one fits again.
//
// Warm-up:   `length` values; NaN before.
// Not finite: as ExactSum says, until the value has left the window.
class SlidingSum {
 public:
  explicit SlidingSum(std::size_t length) : window_(length), missing_(length) {
    if (length == 0) throw std::invalid_argument("a window needs at least one value");
  }

  // Takes the next value and returns value().
  double update(double value) {
    std::int64_t& slot = window_[next_];
    if (++next_ == window_.size()) next_ = 0;
    if (missing_ > 0) --missing_;
    std::int64_t entering = 0;
    if (!wide_ && in_units(value, unit_, entering)) [[likely]] {
      sum_ += entering;
      sum_ -= slot;
      slot = entering;
      return this->value();
    }
    update_slowly(value, slot);
    return this->value();
  }

  [[nodiscard]] double value() const {
    if (missing_ > 0) return std::numeric_limits<double>::quiet_NaN();
    if (wide_) return rounded_;
    const auto low = static_cast<std::int64_t>(sum_);
    return (low == sum_ ? static_cast<double>(low) : static_cast<double>(sum_)) * scale_;
  }
  [[nodiscard]] bool ready() const { return missing_ == 0; }
  [[nodiscard]] std::size_t length() const { return window_.size(); }

 private:
  __extension__ using Whole = __int128;

  // A finite double as it is stored: a whole number of the least units, 2^-1074.
  static constexpr int kMantissaBits = 53;
  static constexpr int kWholeBits = 62;
  // Units are powers of two, counted from the least; of these the sum times the unit is a normal
  // number, and not beyond the largest.
  static constexpr int kUnitMin = 64;
  static constexpr int kUnitMax = 1'900;
  static constexpr int kNoUnit = kUnitMax + 1;

  // `value` in units of 2^(unit - 1074), when it is a whole number of them of at most 62 bits.
  static bool in_units(double value, int unit, std::int64_t& whole) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    const auto exponent = static_cast<int>(bits >> 52 & 0x7ff);
    const std::uint64_t mantissa = (bits & 0xf'ffff'ffff'ffff) | 1ULL << 52;
    const int shift = exponent - 1 - unit;
    std::uint64_t magnitude = 0;
    if (static_cast<unsigned>(shift) <= kWholeBits - kMantissaBits) [[likely]] {
      magnitude = mantissa << shift;
    } else if (bits << 1 == 0) {
      magnitude = 0;
    } else if (shift < 0 && shift > -kMantissaBits && exponent != 0 &&
               (mantissa & ((1ULL << -shift) - 1)) == 0) {
      magnitude = mantissa >> -shift;
    } else {
      return false;
    }
    const auto signed_whole = static_cast<std::int64_t>(magnitude);
    whole = bits >> 63 != 0 ? -signed_whole : signed_whole;
    return true;
  }

  // The largest unit that a value is a whole number of; none for those that have no unit here.
  static std::optional<int> unit_of(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    if (bits << 1 == 0) return kUnitMax;
    const auto exponent = static_cast<int>(bits >> 52 & 0x7ff);
    if (exponent == 0 || exponent == 0x7ff) return std::nullopt;
    const std::uint64_t mantissa = (bits & 0xf'ffff'ffff'ffff) | 1ULL << 52;
    const int unit = exponent - 1 + std::countr_zero(mantissa);
    return unit < kUnitMin ? std::nullopt : std::optional(std::min(unit, kUnitMax));
  }

  static double scale_of(int unit) { return std::ldexp(1.0, unit - 1'074); }

  // The value in a slot, exactly.
  [[nodiscard]] double value_of(std::int64_t slot) const {
    return wide_ ? std::bit_cast<double>(slot) : static_cast<double>(slot) * scale_;
  }

  void update_slowly(double value, std::int64_t& slot) {
    if (!wide_) {
      slot = 0;  // its value has left; the sum is made anew
      if (choose_unit(value, slot)) return;
      widen();
      slot = std::bit_cast<std::int64_t>(value);
      wide_->add(value);
    } else {
      wide_->subtract(std::bit_cast<double>(slot));
      wide_->add(value);
      slot = std::bit_cast<std::int64_t>(value);
      // Going back at most once in a window's length keeps the cost constant on average.
      if (++wide_steps_ >= window_.size() && narrow()) return;
    }
    rounded_ = wide_->rounded();
  }

  // Looks for a unit that fits the window and `value`, which goes into `slot`.
  bool choose_unit(double value, std::int64_t& slot) {
    const auto own = unit_of(value);
    if (!own) return false;
    int unit = *own;
    for (const std::int64_t whole : window_)
      if (whole != 0) unit = std::min(unit, unit_ + std::countr_zero(magnitude_of(whole)));
    std::int64_t entering = 0;
    if (!in_units(value, unit, entering)) return false;
    const int change = unit_ - unit;  // by which wholes grow
    constexpr std::uint64_t kWholeMax = 1ULL << kWholeBits;
    for (const std::int64_t whole : window_)
      if (change > 0 && whole != 0 &&
          (change > kWholeBits || magnitude_of(whole) > kWholeMax >> change))
        return false;
    sum_ = entering;
    for (std::int64_t& whole : window_) {
      if (whole == 0) continue;
      whole = change >= 0 ? whole << change : whole >> -change;
      sum_ += whole;
    }
    slot = entering;
    unit_ = unit;
    scale_ = scale_of(unit);
    return true;
  }

  static std::uint64_t magnitude_of(std::int64_t whole) {
    return static_cast<std::uint64_t>(whole < 0 ? -whole : whole);
  }

  void widen() {
    ExactSum sum;
    for (std::int64_t& slot : window_) {
      const double value = value_of(slot);
      sum.add(value);
      slot = std::bit_cast<std::int64_t>(value);
    }
    wide_ = sum;
    wide_steps_ = 0;
  }

  // Back to whole numbers, when a unit fits all of the window.
  bool narrow() {
    wide_steps_ = 0;
    int unit = kNoUnit;
    for (const std::int64_t slot : window_) {
      const auto own = unit_of(std::bit_cast<double>(slot));
      if (!own) return false;
      unit = std::min(unit, *own);
    }
    std::int64_t whole = 0;
    for (const std::int64_t slot : window_)
      if (!in_units(std::bit_cast<double>(slot), unit, whole)) return false;
    sum_ = 0;
    for (std::int64_t& slot : window_) {
      in_units(std::bit_cast<double>(slot), unit, whole);
      slot = whole;
      sum_ += whole;
    }
    unit_ = unit;
    scale_ = scale_of(unit);
    wide_.reset();
    return true;
  }

  // Each value as a whole number of units, zero while it fills; bits of doubles while wide_.
  std::vector<std::int64_t> window_;
  std::size_t next_ = 0;
  std::size_t missing_;
  Whole sum_ = 0;  // of the window
  int unit_ = kUnitMax;
  double scale_ = 0;  // a unit
  double rounded_ = 0;
  std::size_t wide_steps_ = 0;
  std::optional<ExactSum> wide_;
};

}  // namespace runledger
