#include "holidays.hpp"

#include <algorithm>
#include <optional>

namespace runledger {
namespace {

constexpr std::int64_t kSparse = 10;  // one trading day in so many is missing
constexpr std::int64_t kFromEasterMax = 60;
constexpr std::size_t kMonday = 0, kFriday = 4;

// Easter Sunday by the Gregorian computus: J. Meeus, Astronomical Algorithms, 2nd ed., chapter 8.
std::int64_t easter_of(int year) {
  const int a = year % 19, b = year / 100, c = year % 100;
  const int d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
  const int h = (19 * a + b - d - g + 15) % 30;
  const int i = c / 4, k = c % 4;
  const int l = (32 + 2 * e + 2 * i - h - k) % 7;
  const int m = (a + 11 * h + 22 * l) / 451;
  const int n = h + l - 7 * m + 114;
  return *days_from_civil({year, static_cast<unsigned>(n / 31), static_cast<unsigned>(n % 31 + 1)});
}

// The days on which hardly an exchange is open, for data of too few years to show what recurs.
bool is_closed_nearly_everywhere(CivilDate date) {
  return (date.month == 1 && date.day == 1) || (date.month == 12 && date.day == 25);
}

// The n-th of its weekday in its month, from 0; or the last.
std::optional<std::int64_t> nth_weekday(int year, unsigned month, std::size_t weekday, unsigned n) {
  const std::int64_t first = *days_from_civil({year, month, 1});
  const auto ahead = static_cast<std::int64_t>((weekday + 7 - weekday_of(first)) % 7);
  const std::int64_t day = first + ahead + 7 * static_cast<std::int64_t>(n);
  return civil_from_days(day).month == month ? std::optional(day) : std::nullopt;
}
std::int64_t last_weekday(int year, unsigned month, std::size_t weekday) {
  const auto fifth = nth_weekday(year, month, weekday, 4);
  return fifth ? *fifth : *nth_weekday(year, month, weekday, 3);
}

}  // namespace

Holidays::Holidays(std::span<const TimeNs> labels, const TradingWeek& week) : week_(week) {
  for (const TimeNs label : labels)
    if (days_.empty() || days_.back() != day_of(label)) days_.push_back(day_of(label));
  if (days_.empty()) return;
  const std::int64_t expected = week.days(days_.front(), days_.back() + 1);
  sparse_ = (expected - static_cast<std::int64_t>(days_.size())) * kSparse > expected;
}

bool Holidays::has_bar(std::int64_t day) const { return std::ranges::binary_search(days_, day); }

// How often the day that `date_in` gives for other years is missing.
template <class DateIn>
Holidays::Recurrence Holidays::recurrence(int year, DateIn date_in) const {
  Recurrence found;
  const int last = civil_from_days(days_.back()).year;
  for (int other = civil_from_days(days_.front()).year; other <= last; ++other) {
    const std::optional<std::int64_t> day = other == year ? std::nullopt : date_in(other);
    if (!day || *day < days_.front() || *day > days_.back() || !week_.has(weekday_of(*day)))
      continue;
    ++found.years;
    if (!has_bar(*day)) ++found.missed;
  }
  return found;
}

bool Holidays::recurs_on(int year, CivilDate date) const {
  const Recurrence found =
      recurrence(year, [&](int other) { return days_from_civil({other, date.month, date.day}); });
  if (found.years == 0) return is_closed_nearly_everywhere(date);
  return found.missed > 0 && 2 * found.missed >= found.years;
}

bool Holidays::recurs_as_weekday(CivilDate date, std::int64_t day) const {
  const std::size_t weekday = weekday_of(day);
  const auto recurs = [](Recurrence found) {
    return found.missed > 0 && 2 * found.missed >= found.years;
  };
  const unsigned n = (date.day - 1) / 7;
  if (recurs(recurrence(date.year,
                        [&](int year) { return nth_weekday(year, date.month, weekday, n); })))
    return true;
  return day == last_weekday(date.year, date.month, weekday) &&
         recurs(recurrence(date.year, [&](int year) {
           return std::optional(last_weekday(year, date.month, weekday));
         }));
}

bool Holidays::recurs_from_easter(int year, std::int64_t day) const {
  const std::int64_t distance = day - easter_of(year);
  if (distance < -kFromEasterMax || distance > kFromEasterMax) return false;
  const Recurrence found =
      recurrence(year, [&](int other) { return std::optional(easter_of(other) + distance); });
  if (found.years == 0) return distance == -2;  // Good Friday
  return found.missed > 0 && 2 * found.missed >= found.years;
}

bool Holidays::has(std::int64_t day) const {
  if (sparse_) return false;
  const CivilDate date = civil_from_days(day);
  if (recurs_on(date.year, date)) return true;
  // What falls on a weekend is often kept on the day beside it.
  const std::size_t weekday = weekday_of(day);
  const auto stands_for = [&](std::int64_t other) {
    const CivilDate meant = civil_from_days(other);
    return !week_.has(weekday_of(other)) && recurs_on(meant.year, meant);
  };
  if (weekday == kMonday && (stands_for(day - 1) || stands_for(day - 2))) return true;
  if (weekday == kFriday && stands_for(day + 1)) return true;
  return recurs_as_weekday(date, day) || recurs_from_easter(date.year, day);
}

bool Holidays::fill(std::int64_t first, std::int64_t behind) const {
  bool any = false;
  for (std::int64_t day = first; day < behind; ++day) {
    if (!week_.has(weekday_of(day))) continue;
    if (!has(day)) return false;
    any = true;
  }
  return any;
}

}  // namespace runledger
