#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <runledger/base/types.hpp>

namespace runledger::cli {

struct TimeTick {
  std::size_t column = 0;
  std::string text;
};
struct TimeAxis {
  std::vector<TimeTick> ticks;  // left to right, no text reaching into the next or over the edge
};

// Marks for bars that lie equally far apart on `columns` columns: starts of years, months, days or
// hours, whichever are closest together and still fit.
TimeAxis time_axis(std::span<const TimeNs> time, std::size_t columns, bool intraday);

// `2024-06-01`, or with the time of day for intraday bars.
std::string label_text(TimeNs time, bool intraday);

}  // namespace runledger::cli
