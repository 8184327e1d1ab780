#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <runledger/base/types.hpp>

namespace runledger {

inline constexpr TimeNs kSecondNs = 1'000'000'000;
inline constexpr TimeNs kMinuteNs = 60 * kSecondNs;
inline constexpr TimeNs kHourNs = 60 * kMinuteNs;
inline constexpr TimeNs kDayNs = 24 * kHourNs;

// From `earlier` to `later`, which is not before it. Two times may lie further apart than a TimeNs
// reaches.
constexpr std::uint64_t elapsed_ns(TimeNs earlier, TimeNs later) {
  return static_cast<std::uint64_t>(later) - static_cast<std::uint64_t>(earlier);
}

struct CivilDate {
  int year = 1970;
  unsigned month = 1;  // 1..12
  unsigned day = 1;    // 1..31
};

// Days since 1970-01-01 (proleptic Gregorian); nothing for a date that does not exist.
std::optional<std::int64_t> days_from_civil(CivilDate date);
CivilDate civil_from_days(std::int64_t days);

struct ParsedTime {
  TimeNs time = 0;
  bool date_only = false;  // the text names a day, not an instant
};

// Parses ISO 8601: `2024-06-01`, `2024-06-01T09:30`, `...:00.123456789`, a blank for the T, and a
// zone `Z` or `+hh:mm` (none means UTC). Years 1678 to 2261.
std::optional<ParsedTime> parse_time(std::string_view text);

// `2024-06-01` when the time is a UTC midnight, else `2024-06-01T09:30:00Z` with the fraction only
// when there is one.
std::string format_time(TimeNs time);
// Always `2024-06-01`.
std::string format_date(TimeNs time);
// The old API's form: `2026-11-22T09:41:00.123456+00:00`.
std::string format_created_at(TimeNs time);

// The wall clock. Only code under tools/ and the committer may call it.
TimeNs wall_clock_now();

}  // namespace runledger
