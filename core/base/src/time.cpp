#include <chrono>

#include <fmt/format.h>

#include <runledger/base/time.hpp>

namespace runledger {
namespace {

constexpr int kYearMin = 1678;  // the range of 64-bit nanoseconds, rounded inwards
constexpr int kYearMax = 2261;

// Consumes exactly `width` digits.
std::optional<int> take_digits(std::string_view& text, std::size_t width) {
  if (text.size() < width) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(0, width)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(width);
  return value;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::int64_t> take_date(std::string_view& text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day || *year < kYearMin || *year > kYearMax) return std::nullopt;
  return days_from_civil({*year, static_cast<unsigned>(*month), static_cast<unsigned>(*day)});
}

// 1 to 9 digits after the point, as nanoseconds.
std::optional<TimeNs> take_fraction(std::string_view& text) {
  TimeNs value = 0;
  std::size_t count = 0;
  for (; count < text.size() && text[count] >= '0' && text[count] <= '9'; ++count) {
    if (count == 9) return std::nullopt;
    value = value * 10 + (text[count] - '0');
  }
  if (count == 0) return std::nullopt;
  text.remove_prefix(count);
  for (; count < 9; ++count) value *= 10;
  return value;
}

std::optional<TimeNs> take_clock(std::string_view& text) {
  const auto hour = take_digits(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || *minute > 59) return std::nullopt;
  TimeNs time = *hour * kHourNs + *minute * kMinuteNs;
  if (!take(text, ':')) return time;
  const auto second = take_digits(text, 2);
  if (!second || *second > 59) return std::nullopt;
  time += *second * kSecondNs;
  if (!take(text, '.')) return time;
  const auto fraction = take_fraction(text);
  if (!fraction) return std::nullopt;
  return time + *fraction;
}

// The offset that a zone text stands for; the text must end with it.
std::optional<TimeNs> take_zone(std::string_view text) {
  if (text.empty() || text == "Z" || text == "z") return 0;
  const bool negative = text.front() == '-';
  if (!negative && text.front() != '+') return std::nullopt;
  text.remove_prefix(1);
  const auto hour = take_digits(text, 2);
  if (!hour || *hour > 14) return std::nullopt;
  take(text, ':');
  const auto minute = take_digits(text, 2);
  if (!minute || *minute > 59 || !text.empty()) return std::nullopt;
  const TimeNs offset = *hour * kHourNs + *minute * kMinuteNs;
  return negative ? -offset : offset;
}

struct Split {
  std::int64_t days;
  TimeNs clock;
};

Split split_days(TimeNs time) {
  std::int64_t days = time / kDayNs;
  TimeNs clock = time % kDayNs;
  if (clock < 0) {
    clock += kDayNs;
    --days;
  }
  return {days, clock};
}

}  // namespace

std::optional<std::int64_t> days_from_civil(CivilDate date) {
  using namespace std::chrono;
  // The chrono types would wrap what does not fit them.
  const bool fits = date.year >= static_cast<int>(year::min()) &&
                    date.year <= static_cast<int>(year::max()) && date.month <= 12 &&
                    date.day <= 31;
  if (!fits) return std::nullopt;
  const year_month_day ymd{year(date.year), month(date.month), day(date.day)};
  if (!ymd.ok()) return std::nullopt;
  return sys_days(ymd).time_since_epoch().count();
}

CivilDate civil_from_days(std::int64_t days) {
  using namespace std::chrono;
  const year_month_day ymd{sys_days(std::chrono::days(days))};
  return {static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()),
          static_cast<unsigned>(ymd.day())};
}

std::optional<ParsedTime> parse_time(std::string_view text) {
  const auto days = take_date(text);
  if (!days) return std::nullopt;
  const TimeNs midnight = *days * kDayNs;
  if (text.empty()) return ParsedTime{midnight, true};
  if (!take(text, 'T') && !take(text, ' ')) return std::nullopt;
  const auto clock = take_clock(text);
  if (!clock) return std::nullopt;
  const auto zone = take_zone(text);
  if (!zone) return std::nullopt;
  return ParsedTime{midnight + *clock - *zone, false};
}

std::string format_date(TimeNs time) {
  const CivilDate date = civil_from_days(split_days(time).days);
  return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

std::string format_time(TimeNs time) {
  const TimeNs clock = split_days(time).clock;
  if (clock == 0) return format_date(time);
  std::string text = fmt::format("{}T{:02}:{:02}:{:02}", format_date(time), clock / kHourNs,
                                 clock / kMinuteNs % 60, clock / kSecondNs % 60);
  if (const TimeNs fraction = clock % kSecondNs; fraction != 0) {
    text += fmt::format(".{:09}", fraction);
    text.resize(text.find_last_not_of('0') + 1);
  }
  return text + "Z";
}

std::string format_created_at(TimeNs time) {
  const TimeNs clock = split_days(time).clock;
  return fmt::format("{}T{:02}:{:02}:{:02}.{:06}+00:00", format_date(time), clock / kHourNs,
                     clock / kMinuteNs % 60, clock / kSecondNs % 60, clock % kSecondNs / 1000);
}

TimeNs wall_clock_now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace runledger
