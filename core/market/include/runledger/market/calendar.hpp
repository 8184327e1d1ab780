#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <runledger/market/interval.hpp>

namespace runledger {

// Days since 1970-01-01 in UTC, the time of day, and the weekday of a day, where 0 is Monday.
std::int64_t day_of(TimeNs time);
TimeNs clock_of(TimeNs time);
std::size_t weekday_of(std::int64_t day);

// The weekdays on which an instrument trades, inferred from its bars: those that have at least one
// in twenty of its days. Monday to Friday are trusted to be trading days until twelve days within
// four weeks or more show otherwise; Saturday and Sunday never are without a bar on them.
class TradingWeek {
 public:
  // Of bars that start at `labels`, which ascend.
  explicit TradingWeek(std::span<const TimeNs> labels);

  [[nodiscard]] bool has(std::size_t weekday) const { return kept_[weekday]; }
  // How many trading days lie from `first` up to `behind`, which is not one of them.
  [[nodiscard]] std::int64_t days(std::int64_t first, std::int64_t behind) const {
    return days_before(behind) - days_before(first);
  }

 private:
  // Counted from a fixed Monday.
  [[nodiscard]] std::int64_t days_before(std::int64_t day) const;

  std::array<bool, 7> kept_{};
};

}  // namespace runledger
