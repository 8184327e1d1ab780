#include <algorithm>
#include <array>

#include <runledger/base/check.hpp>
#include <runledger/base/text.hpp>
#include <runledger/base/time.hpp>
#include <runledger/market/interval.hpp>

namespace runledger {
namespace {

struct UnitRow {
  IntervalUnit unit;
  TimeNs length;  // 0: by the calendar
  std::uint32_t count_max;
  std::string_view suffix;
};

constexpr std::array kUnits{
    UnitRow{IntervalUnit::minute, kMinuteNs, 31 * 24 * 60, "m"},
    UnitRow{IntervalUnit::hour, kHourNs, 31 * 24, "h"},
    UnitRow{IntervalUnit::day, kDayNs, 31, "d"},
    UnitRow{IntervalUnit::week, 7 * kDayNs, 4, "w"},
    UnitRow{IntervalUnit::month, 0, 1, "mo"},
};

const UnitRow& row_of(IntervalUnit unit) {
  const auto row = std::ranges::find(kUnits, unit, &UnitRow::unit);
  RL_CHECK(row != kUnits.end());
  return *row;
}

std::optional<IntervalUnit> unit_named(std::string_view name) {
  if (name == "M") return IntervalUnit::month;  // as Binance and Stooq write it; m is a minute
  struct Spelling {
    std::string_view name;
    IntervalUnit unit;
  };
  static constexpr std::array kSpellings{
      Spelling{"m", IntervalUnit::minute},       Spelling{"min", IntervalUnit::minute},
      Spelling{"mins", IntervalUnit::minute},    Spelling{"minute", IntervalUnit::minute},
      Spelling{"minutes", IntervalUnit::minute}, Spelling{"h", IntervalUnit::hour},
      Spelling{"hr", IntervalUnit::hour},        Spelling{"hour", IntervalUnit::hour},
      Spelling{"hours", IntervalUnit::hour},     Spelling{"hourly", IntervalUnit::hour},
      Spelling{"d", IntervalUnit::day},          Spelling{"day", IntervalUnit::day},
      Spelling{"days", IntervalUnit::day},       Spelling{"daily", IntervalUnit::day},
      Spelling{"w", IntervalUnit::week},         Spelling{"wk", IntervalUnit::week},
      Spelling{"week", IntervalUnit::week},      Spelling{"weeks", IntervalUnit::week},
      Spelling{"weekly", IntervalUnit::week},    Spelling{"mo", IntervalUnit::month},
      Spelling{"mon", IntervalUnit::month},      Spelling{"month", IntervalUnit::month},
      Spelling{"months", IntervalUnit::month},   Spelling{"monthly", IntervalUnit::month},
  };
  const auto found = std::ranges::find(kSpellings, to_lower(name), &Spelling::name);
  if (found == kSpellings.end()) return std::nullopt;
  return found->unit;
}

// MetaTrader puts the unit first: M5, H4, D1, W1, MN1.
std::optional<IntervalUnit> metatrader_unit(std::string_view name) {
  if (name == "M") return IntervalUnit::minute;
  if (name == "H") return IntervalUnit::hour;
  if (name == "D") return IntervalUnit::day;
  if (name == "W") return IntervalUnit::week;
  if (name == "MN") return IntervalUnit::month;
  return std::nullopt;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<Interval> checked(std::uint64_t count, std::optional<IntervalUnit> unit) {
  if (!unit || count == 0 || count > row_of(*unit).count_max) return std::nullopt;
  return canonical(Interval{static_cast<std::uint32_t>(count), *unit});
}

}  // namespace

Interval canonical(Interval interval) {
  if (interval.unit == IntervalUnit::month) return interval;
  const TimeNs length = interval.count * row_of(interval.unit).length;
  for (const IntervalUnit unit : {IntervalUnit::week, IntervalUnit::day, IntervalUnit::hour}) {
    const TimeNs one = row_of(unit).length;
    if (length % one == 0) return {static_cast<std::uint32_t>(length / one), unit};
  }
  return {static_cast<std::uint32_t>(length / kMinuteNs), IntervalUnit::minute};
}

std::string Interval::text() const {
  const Interval one = canonical(*this);
  return std::to_string(one.count).append(row_of(one.unit).suffix);
}

std::optional<Interval> parse_interval(std::string_view text) {
  const auto digits_end = std::ranges::find_if_not(text, is_digit);
  const auto leading = static_cast<std::size_t>(digits_end - text.begin());
  if (leading > 0) {
    const auto count = parse_uint(text.substr(0, leading));
    return count ? checked(*count, unit_named(text.substr(leading))) : std::nullopt;
  }
  const auto first_digit =
      static_cast<std::size_t>(std::ranges::find_if(text, is_digit) - text.begin());
  if (first_digit == text.size()) return checked(1, unit_named(text));
  const auto count = parse_uint(text.substr(first_digit));
  return count ? checked(*count, metatrader_unit(text.substr(0, first_digit))) : std::nullopt;
}

std::optional<TimeNs> fixed_length(Interval interval) {
  if (interval.unit == IntervalUnit::month) return std::nullopt;
  return interval.count * row_of(interval.unit).length;
}

TimeNs close_time(TimeNs label, Interval interval) {
  if (const auto length = fixed_length(interval)) return label + *length;
  std::int64_t days = label / kDayNs;
  if (label % kDayNs < 0) --days;
  const TimeNs clock = label - days * kDayNs;
  CivilDate date = civil_from_days(days);
  const std::uint32_t months = date.month - 1 + interval.count;
  date.year += static_cast<int>(months / 12);
  date.month = months % 12 + 1;
  for (;; --date.day) {
    if (const auto next = days_from_civil(date)) return *next * kDayNs + clock;
  }
}

}  // namespace runledger
