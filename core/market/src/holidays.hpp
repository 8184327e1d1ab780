#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <runledger/base/time.hpp>
#include <runledger/market/calendar.hpp>

namespace runledger {

// Which trading days without a bar are probably holidays: core/market/GAPS.md.
class Holidays {
 public:
  Holidays(std::span<const TimeNs> labels, const TradingWeek& week);

  // Of a trading day without a bar.
  [[nodiscard]] bool has(std::int64_t day) const;
  // Of every trading day from `first` up to `behind`; of none when there is no such day.
  [[nodiscard]] bool fill(std::int64_t first, std::int64_t behind) const;

 private:
  struct Recurrence {
    int years = 0;   // other years whose date is a trading day
    int missed = 0;  // of them without a bar
  };
  template <class DateIn>
  [[nodiscard]] Recurrence recurrence(int year, DateIn date_in) const;
  [[nodiscard]] bool recurs_on(int year, CivilDate date) const;
  [[nodiscard]] bool recurs_as_weekday(CivilDate date, std::int64_t day) const;
  [[nodiscard]] bool recurs_from_easter(int year, std::int64_t day) const;
  [[nodiscard]] bool has_bar(std::int64_t day) const;

  const TradingWeek& week_;
  std::vector<std::int64_t> days_;  // that have a bar, ascending
  bool sparse_ = true;              // so many days are missing that recurring says nothing
};

}  // namespace runledger
