#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <runledger/base/types.hpp>

namespace runledger {

enum class IntervalUnit : std::uint8_t { minute = 1, hour = 2, day = 3, week = 4, month = 5 };

// The length of a bar, from 1m to 1mo.
struct Interval {
  std::uint32_t count = 1;
  IntervalUnit unit = IntervalUnit::day;
  auto operator<=>(const Interval&) const = default;

  // Canonical text: `5m`, `1h`, `1d`, `1w`, `1mo`. Equal lengths have one text: 60m is 1h.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] bool intraday() const { return unit <= IntervalUnit::hour; }
};

// The one value that stands for every interval of this length: 60m becomes 1h, 7d becomes 1w.
Interval canonical(Interval interval);

// Takes the canonical texts and the spellings of other tools (`60m`, `1wk`, `1D`, `1min`, `daily`,
// `1M` for a month, MetaTrader's `M5` and `MN1`). The value is canonical. Nothing for zero, for
// more than 31 days in smaller units, and for more than one month.
std::optional<Interval> parse_interval(std::string_view text);

// The length in nanoseconds; nothing for months, whose length the calendar gives.
std::optional<TimeNs> fixed_length(Interval interval);

// When a bar labelled `label` closes: label + interval. A month is added by the calendar and
// clamped to the length of the month that follows: 31 January closes on 28 or 29 February.
TimeNs close_time(TimeNs label, Interval interval);

}  // namespace runledger
