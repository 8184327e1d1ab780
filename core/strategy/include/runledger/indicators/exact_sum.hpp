// A sum of doubles without any rounding, until it is asked for.
#pragma once

#ifdef __FAST_MATH__
#error "indicators need every operation as it is written: compile without -ffast-math"
#endif

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace runledger {

// The exact sum of any doubles, in fixed-point digits that span the whole range of the type.
//
// Terms that are not finite are counted, so that they can be taken out again: with a NaN or both
// infinities among the terms the sum is NaN, with one kind of infinity it is that infinity.
class ExactSum {
 public:
  void add(double term) { accumulate(term, false); }
  // Takes a term out that was added before.
  void subtract(double term) { accumulate(term, true); }

  // The double nearest to the sum, ties to even; an infinity when that is beyond the range.
  [[nodiscard]] double rounded() const {
    if (nans_ > 0 || (infinities_ > 0 && negative_infinities_ > 0))
      return std::numeric_limits<double>::quiet_NaN();
    if (infinities_ > 0) return std::numeric_limits<double>::infinity();
    if (negative_infinities_ > 0) return -std::numeric_limits<double>::infinity();
    ExactSum magnitude = *this;
    magnitude.carry();
    const bool negative = magnitude.digits_.back() < 0;
    if (negative) magnitude.negate();
    const double nearest = magnitude.nearest_to_magnitude();
    return negative ? -nearest : nearest;
  }

  [[nodiscard]] bool is_finite() const {
    return nans_ == 0 && infinities_ == 0 && negative_infinities_ == 0;
  }
  // Whether the finite terms sum to exactly zero.
  [[nodiscard]] bool is_zero() const {
    ExactSum normal = *this;
    normal.carry();
    return normal.digits_ == Digits{};
  }

 private:
  // 2,098 bits from the least denormal to the largest double, and room for 2^60 terms.
  static constexpr std::size_t kDigits = 69;
  static constexpr int kDigitBits = 32;
  static constexpr std::int64_t kDigitMask = 0xffff'ffff;
  static constexpr int kMantissaBits = 53;
  static constexpr int kLeastExponent = -1074;
  static constexpr std::uint32_t kTermsBeforeCarry = 1u << 28;
  using Digits = std::array<std::int64_t, kDigits>;

  void accumulate(double term, bool subtract) {
    if (!std::isfinite(term)) return count(term, subtract ? -1 : 1);
    const auto bits = std::bit_cast<std::uint64_t>(term);
    const std::uint64_t exponent = bits >> 52 & 0x7ff;
    const std::uint64_t fraction = bits & 0xf'ffff'ffff'ffff;
    const std::uint64_t mantissa = exponent == 0 ? fraction : fraction | 1ULL << 52;
    const std::uint64_t position = exponent == 0 ? 0 : exponent - 1;
    const std::uint64_t shift = position % kDigitBits;
    const std::uint64_t low = (mantissa & kDigitMask) << shift;
    const std::uint64_t high = mantissa >> kDigitBits << shift;
    const std::int64_t sign = (bits >> 63 != 0) != subtract ? -1 : 1;
    std::int64_t* const digit = digits_.data() + position / kDigitBits;
    digit[0] += sign * static_cast<std::int64_t>(low & kDigitMask);
    digit[1] += sign * static_cast<std::int64_t>((low >> kDigitBits) + (high & kDigitMask));
    digit[2] += sign * static_cast<std::int64_t>(high >> kDigitBits);
    if (++terms_since_carry_ == kTermsBeforeCarry) carry();
  }

  void count(double term, int change) {
    if (std::isnan(term)) {
      nans_ += change;
    } else {
      (term > 0 ? infinities_ : negative_infinities_) += change;
    }
  }

  // Brings every digit but the last, which has the sign, into 0 .. 2^32 - 1.
  void carry() {
    for (std::size_t i = 0; i + 1 < kDigits; ++i) {
      const std::int64_t over = digits_[i] >> kDigitBits;
      digits_[i] &= kDigitMask;
      digits_[i + 1] += over;
    }
    terms_since_carry_ = 0;
  }

  void negate() {
    for (std::int64_t& digit : digits_) digit = -digit;
    carry();
  }

  [[nodiscard]] std::uint64_t bit(int index) const {
    const auto place = static_cast<std::size_t>(index);
    return static_cast<std::uint64_t>(digits_[place / kDigitBits]) >> (place % kDigitBits) & 1;
  }

  [[nodiscard]] int bit_length() const {
    for (std::size_t i = kDigits; i-- > 0;) {
      if (digits_[i] == 0) continue;
      return static_cast<int>(i) * kDigitBits +
             static_cast<int>(std::bit_width(static_cast<std::uint64_t>(digits_[i])));
    }
    return 0;
  }

  // Of digits that carry() and negate() have made non-negative.
  [[nodiscard]] double nearest_to_magnitude() const {
    const int length = bit_length();
    const int cut = length > kMantissaBits ? length - kMantissaBits : 0;
    std::uint64_t mantissa = 0;
    for (int i = length; i-- > cut;) mantissa = mantissa << 1 | bit(i);
    if (cut > 0 && bit(cut - 1) != 0) {
      bool above_half = false;
      for (int i = cut - 1; i-- > 0 && !above_half;) above_half = bit(i) != 0;
      if (above_half || (mantissa & 1) != 0) ++mantissa;
    }
    return std::ldexp(static_cast<double>(mantissa), cut + kLeastExponent);
  }

  Digits digits_{};
  std::uint32_t terms_since_carry_ = 0;
  std::int64_t nans_ = 0, infinities_ = 0, negative_infinities_ = 0;
};

}  // namespace runledger
