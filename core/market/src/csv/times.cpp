#include "times.hpp"

#include <algorithm>
#include <array>

#include <runledger/base/text.hpp>
#include <runledger/base/time.hpp>
#include <runledger/market/dataset.hpp>

namespace runledger::csv {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::size_t leading_digits(std::string_view text) {
  const auto end = std::ranges::find_if_not(text, is_digit);
  return static_cast<std::size_t>(end - text.begin());
}

// The value of at most 18 digits.
std::int64_t value_of(std::string_view digits) {
  std::int64_t value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

// One to `width_max` digits.
bool take_number(std::string_view& text, std::size_t width_max, int& value) {
  const std::size_t width = leading_digits(text);
  if (width == 0 || width > width_max) return false;
  value = static_cast<int>(value_of(text.substr(0, width)));
  text.remove_prefix(width);
  return true;
}

TimeError set_date(int year, int month, int day, Moment& moment) {
  if (year < 1678 || year > 2261) return TimeError::out_of_range;
  const auto days =
      days_from_civil({year, static_cast<unsigned>(month), static_cast<unsigned>(day)});
  if (!days) return TimeError::no_such_date;
  moment.local = *days * kDayNs;
  return TimeError::none;
}

std::optional<int> month_named(std::string_view name) {
  static constexpr std::array<std::string_view, 12> kMonths{
      "january", "february", "march",     "april",   "may",      "june",
      "july",    "august",   "september", "october", "november", "december"};
  if (name.size() < 3) return std::nullopt;
  const std::string lower = to_lower(name);
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (kMonths[i].starts_with(lower)) return static_cast<int>(i) + 1;
  }
  return std::nullopt;
}

bool take_month_name(std::string_view& text, int& month) {
  const auto end = std::ranges::find_if_not(text, is_letter);
  const auto size = static_cast<std::size_t>(end - text.begin());
  const auto found = month_named(text.substr(0, size));
  if (!found) return false;
  month = *found;
  text.remove_prefix(size);
  return true;
}

bool is_date_separator(char c) { return c == '-' || c == '/' || c == '.'; }

// The two leading numbers and the year of 01/02/2024 and its like.
struct ShortDate {
  int first = 0;
  int second = 0;
  int year = 0;
  std::size_t year_width = 0;
};

bool take_short_date(std::string_view& text, ShortDate& date) {
  std::string_view rest = text;
  if (!take_number(rest, 2, date.first) || rest.empty() || !is_date_separator(rest.front())) {
    return false;
  }
  const char separator = rest.front();
  rest.remove_prefix(1);
  if (!take_number(rest, 2, date.second) || !take(rest, separator)) return false;
  date.year_width = leading_digits(rest);
  if (!take_number(rest, 4, date.year)) return false;
  text = rest;
  return true;
}

std::optional<DateOrder> order_of(const ShortDate& date) {
  if (date.first > 12) return DateOrder::day_first;
  if (date.second > 12) return DateOrder::month_first;
  return std::nullopt;
}

TimeError take_day_or_month_first(std::string_view& text, std::optional<DateOrder> order,
                                  Moment& moment) {
  ShortDate date;
  if (!take_short_date(text, date)) return TimeError::unreadable;
  if (date.year_width < 4) return TimeError::two_digit_year;
  if (!order) order = order_of(date);
  if (!order) {
    if (date.first != date.second) return TimeError::undecided_order;
    order = DateOrder::day_first;
  }
  const bool day_first = *order == DateOrder::day_first;
  return set_date(date.year, day_first ? date.second : date.first,
                  day_first ? date.first : date.second, moment);
}

// 02-Jan-2024, 2 January 2024.
TimeError take_day_month_name(std::string_view& text, Moment& moment) {
  int day = 0;
  int month = 0;
  int year = 0;
  if (!take_number(text, 2, day)) return TimeError::unreadable;
  if (!take(text, '-')) take(text, ' ');
  if (!take_month_name(text, month)) return TimeError::unreadable;
  if (!take(text, '-')) take(text, ' ');
  const std::size_t width = leading_digits(text);
  if (!take_number(text, 4, year)) return TimeError::unreadable;
  return width == 4 ? set_date(year, month, day, moment) : TimeError::two_digit_year;
}

// Jan 02, 2024.
TimeError take_month_name_day(std::string_view& text, Moment& moment) {
  int day = 0;
  int month = 0;
  int year = 0;
  if (!take_month_name(text, month) || !take(text, ' ') || !take_number(text, 2, day)) {
    return TimeError::unreadable;
  }
  take(text, ',');
  if (!take(text, ' ') || leading_digits(text) != 4 || !take_number(text, 4, year)) {
    return TimeError::unreadable;
  }
  return set_date(year, month, day, moment);
}

// YYYY-MM-DD, YYYY/M/D, YYYY.MM.DD; `text` starts with four digits and a separator.
TimeError take_year_first(std::string_view& text, Moment& moment) {
  const int year = static_cast<int>(value_of(text.substr(0, 4)));
  const char separator = text[4];
  text.remove_prefix(5);
  int month = 0;
  int day = 0;
  if (!take_number(text, 2, month) || !take(text, separator) || !take_number(text, 2, day)) {
    return TimeError::unreadable;
  }
  return set_date(year, month, day, moment);
}

TimeError take_compact_date(std::string_view& text, Moment& moment) {
  const auto part = [&](std::size_t at, std::size_t width) {
    return static_cast<int>(value_of(text.substr(at, width)));
  };
  const TimeError error = set_date(part(0, 4), part(4, 2), part(6, 2), moment);
  text.remove_prefix(8);
  return error;
}

// A count of units since 1970; the number of digits tells the unit.
TimeError set_epoch(std::string_view digits, Moment& moment) {
  const std::size_t width = digits.size();
  if (width < 9 || width > 19) return TimeError::unreadable;
  const TimeNs unit = width <= 11   ? kSecondNs
                      : width <= 14 ? kSecondNs / 1000
                      : width <= 17 ? kSecondNs / 1'000'000
                                    : 1;
  const auto count = parse_int(digits);
  if (!count || *count > kLabelMax / unit) return TimeError::out_of_range;
  moment.local = *count * unit;
  moment.is_epoch = moment.has_offset = moment.has_clock = true;
  return TimeError::none;
}

bool set_clock(int hour, int minute, int second, Moment& moment) {
  if (hour > 23 || minute > 59 || second > 59) return false;
  moment.local += hour * kHourNs + minute * kMinuteNs + second * kSecondNs;
  moment.has_clock = true;
  return true;
}

// 093000, 0930, and without their leading zeros.
bool take_compact_clock(std::string_view& text, Moment& moment) {
  const std::size_t width = leading_digits(text);
  if (width == 0 || width > 6) return false;
  const auto value = static_cast<int>(value_of(text.substr(0, width)));
  text.remove_prefix(width);
  if (width <= 2 && value != 0) return false;
  if (width <= 4) return set_clock(value / 100, value % 100, 0, moment);
  return set_clock(value / 10'000, value / 100 % 100, value % 100, moment);
}

// One to nine digits; `text` stands behind the point.
bool take_fraction(std::string_view& text, Moment& moment) {
  const std::size_t width = leading_digits(text);
  if (width == 0 || width > 9) return false;
  TimeNs value = value_of(text.substr(0, width));
  for (std::size_t i = width; i < 9; ++i) value *= 10;
  moment.local += value;
  text.remove_prefix(width);
  return true;
}

// AM or PM behind a clock that shows `hour`.
bool take_half_day(std::string_view& text, int hour, Moment& moment) {
  std::string_view rest = text;
  take(rest, ' ');
  const std::string half = to_lower(rest.substr(0, 2));
  if (half != "am" && half != "pm") return true;
  if (hour < 1 || hour > 12) return false;
  if (half == "pm" && hour < 12) moment.local += 12 * kHourNs;
  if (half == "am" && hour == 12) moment.local -= 12 * kHourNs;
  text = rest.substr(2);
  return true;
}

bool take_zone(std::string_view& text, Moment& moment) {
  take(text, ' ');
  if (text.empty()) return true;
  moment.has_offset = true;
  if (text == "Z" || text == "z" || text == "UTC" || text == "GMT") {
    text = {};
    return true;
  }
  const bool negative = text.front() == '-';
  if (!negative && text.front() != '+') return false;
  text.remove_prefix(1);
  const std::size_t width = leading_digits(text);
  int hour = 0;
  int minute = 0;
  if (width == 4) {
    const auto both = static_cast<int>(value_of(text.substr(0, 4)));
    text.remove_prefix(4);
    hour = both / 100;
    minute = both % 100;
  } else if (width != 2 || !take_number(text, 2, hour) ||
             (take(text, ':') && !take_number(text, 2, minute))) {
    return false;
  }
  if (hour > 14 || minute > 59) return false;
  const TimeNs offset = hour * kHourNs + minute * kMinuteNs;
  moment.offset = negative ? -offset : offset;
  return true;
}

// A clock and what may follow it; nothing may be left.
bool take_clock(std::string_view text, Moment& moment) {
  int hour = 0;
  if (text.find(':') == std::string_view::npos || leading_digits(text) > 2) {
    if (!take_compact_clock(text, moment)) return false;
  } else {
    int minute = 0;
    int second = 0;
    if (!take_number(text, 2, hour) || !take(text, ':') || !take_number(text, 2, minute)) {
      return false;
    }
    if (take(text, ':') && !take_number(text, 2, second)) return false;
    if (!set_clock(hour, minute, second, moment)) return false;
    if (take(text, '.') && !take_fraction(text, moment)) return false;
  }
  return take_half_day(text, hour, moment) && take_zone(text, moment) && text.empty();
}

// A number of 12 or 14 digits that starts like a year is a date with its clock: as milliseconds it
// would lie before 2001 or behind 2261.
bool is_compact_date_and_clock(std::string_view text, std::size_t width) {
  return (width == 12 || width == 14) && (text.starts_with("19") || text.starts_with("20"));
}

TimeError take_date(std::string_view& text, std::optional<DateOrder> order, Moment& moment) {
  const std::size_t width = leading_digits(text);
  if (width == 4 && text.size() > 4 && is_date_separator(text[4])) {
    return take_year_first(text, moment);
  }
  if (width == 8 || is_compact_date_and_clock(text, width)) return take_compact_date(text, moment);
  if (width > 8) {
    const std::string_view digits = text.substr(0, width);
    text.remove_prefix(width);
    if (take(text, '.')) text.remove_prefix(std::min(text.find_first_not_of('0'), text.size()));
    return text.empty() ? set_epoch(digits, moment) : TimeError::unreadable;
  }
  if (width == 0) return take_month_name_day(text, moment);
  const char behind = width < text.size() ? text[width] : '\0';
  const bool names_month = width + 1 < text.size() && is_letter(text[width + 1]);
  if (names_month || is_letter(behind)) return take_day_month_name(text, moment);
  return take_day_or_month_first(text, order, moment);
}

// YYYY-MM-DD alone, or with hh:mm:ss behind a blank or a T: the usual case, quickly.
bool read_fixed_width(std::string_view text, Moment& moment) {
  const auto pair = [&](std::size_t at) {
    return static_cast<unsigned>(text[at] - '0') * 10 + static_cast<unsigned>(text[at + 1] - '0');
  };
  if (text.size() != 10 && text.size() != 19) return false;
  unsigned digits_bad = 0;
  for (const std::size_t at : {0U, 1U, 2U, 3U, 5U, 6U, 8U, 9U}) {
    digits_bad |= static_cast<unsigned>(static_cast<unsigned>(text[at] - '0') > 9);
  }
  if (digits_bad != 0 || text[4] != '-' || text[7] != '-') return false;
  const auto year = static_cast<int>(pair(0) * 100 + pair(2));
  const auto month = static_cast<int>(pair(5));
  const auto day = static_cast<int>(pair(8));
  if (set_date(year, month, day, moment) != TimeError::none) return false;
  if (text.size() == 10) return true;
  for (const std::size_t at : {11U, 12U, 14U, 15U, 17U, 18U}) {
    digits_bad |= static_cast<unsigned>(static_cast<unsigned>(text[at] - '0') > 9);
  }
  const bool marked = (text[10] == ' ' || text[10] == 'T') && text[13] == ':' && text[16] == ':';
  return digits_bad == 0 && marked &&
         set_clock(static_cast<int>(pair(11)), static_cast<int>(pair(14)),
                   static_cast<int>(pair(17)), moment);
}

}  // namespace

const char* reason_of(TimeError error) {
  switch (error) {
    case TimeError::none:
      break;
    case TimeError::unreadable:
      return "is not a date or time (expected such as 2024-01-31)";
    case TimeError::no_such_date:
      return "is a date that does not exist";
    case TimeError::out_of_range:
      return "lies outside the years 1678 to 2261";
    case TimeError::two_digit_year:
      return "has a year of two digits (expected four)";
    case TimeError::undecided_order:
      return "may be day/month or month/day";
  }
  return "";
}

TimeError read_moment(std::string_view text, std::optional<DateOrder> order, Moment& moment) {
  moment = {};
  if (read_fixed_width(text, moment)) return TimeError::none;
  moment = {};
  text = trim(text);
  const TimeError error = take_date(text, order, moment);
  if (error != TimeError::none || text.empty()) return error;
  if (!take(text, ' ')) {
    if (!take(text, 'T')) take(text, ',');
  }
  text = trim(text);
  return take_clock(text, moment) ? TimeError::none : TimeError::unreadable;
}

TimeError read_clock(std::string_view text, Moment& moment) {
  if (moment.has_clock) return TimeError::unreadable;
  return take_clock(trim(text), moment) ? TimeError::none : TimeError::unreadable;
}

std::optional<DateOrder> proven_order(std::string_view text) {
  ShortDate date;
  text = trim(text);
  return take_short_date(text, date) ? order_of(date) : std::nullopt;
}

bool has_unknown_order(std::string_view text) {
  ShortDate date;
  text = trim(text);
  return take_short_date(text, date) && date.year_width == 4;
}

}  // namespace runledger::csv
