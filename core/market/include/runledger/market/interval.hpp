#pragma once

#include <compare>
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

// Takes the canonical texts and the spellings of other tools (`60m`, `1wk`, `1D`, `1min`, `daily`).
std::optional<Interval> parse_interval(std::string_view text);

// When a bar labelled `label` closes: label + interval, by the calendar for months.
TimeNs close_time(TimeNs label, Interval interval);

}  // namespace runledger
