#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <runledger/market/interval.hpp>

namespace runledger {

// When a market is open is inferred from the bars themselves: core/market/GAPS.md.

// A hole between two bars that follow each other in a dataset.
struct Gap {
  TimeNs after = 0;           // label of the bar before the hole
  TimeNs before = 0;          // label of the bar behind it
  std::uint64_t missing = 0;  // bars that would fit between, by the calendar of find_gaps
  bool holiday = false;       // every trading day in it is probably a holiday
};

// The holes in `labels` (ascending), oldest first.
//
// Daily bars: days missing from the trading week of the data (TradingWeek). Weeks and months: by
// the calendar. Intraday bars: a break of half an hour or more that recurs at its times of day is
// the market being closed and no gap, unless it has a whole trading day in it.
std::vector<Gap> find_gaps(std::span<const TimeNs> labels, Interval interval);

// The time of day, in UTC, at which the first bar of a day starts and the last one ends on more
// days than at any other.
struct TradingHours {
  TimeNs open = 0;
  TimeNs close = 0;
};
// Of intraday bars. Nothing for longer ones, and for none.
std::optional<TradingHours> usual_hours(std::span<const TimeNs> labels, Interval interval);

}  // namespace runledger
