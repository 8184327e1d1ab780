#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <runledger/market/interval.hpp>

namespace runledger {

// A hole between two bars that follow each other in a dataset.
struct Gap {
  TimeNs after = 0;           // label of the bar before the hole
  TimeNs before = 0;          // label of the bar behind it
  std::uint64_t missing = 0;  // bars that would fit between, by the calendar of find_gaps
};

// The holes in `labels` (ascending), oldest first.
//
// Daily bars: days missing from the week that the data keeps, of seven days when at least one bar
// in twenty lies on a weekend, else of five; so a holiday is a gap of one. Weeks and months: by the
// calendar. Intraday bars: a break of half an hour or more that starts and ends at the same times
// of day on one day in ten is the market being closed, and no gap.
std::vector<Gap> find_gaps(std::span<const TimeNs> labels, Interval interval);

}  // namespace runledger
