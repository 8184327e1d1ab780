#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include <runledger/base/result.hpp>
#include <runledger/market/interval.hpp>

namespace runledger::csv {

// What the distances between labels say about the length of the bars.
struct Spacing {
  enum class Kind : std::uint8_t {
    regular,    // `interval` is the length
    one_bar,    // no distance at all
    too_short,  // less than a minute: ticks or seconds
    too_long,   // more than a month
    irregular,  // no distance is usual
    undecided,  // days, of which there are too few to tell
  };
  Kind kind = Kind::one_bar;
  Interval interval;
  TimeNs usual = 0;  // the commonest distance
};

// Takes the commonest distance between neighbours, so that nights, weekends, holidays and missing
// bars do not matter; a week may be a day off and a month has 28 to 33 days. Labels may ascend or
// descend; only the first 65,536 are looked at.
Spacing find_spacing(std::span<const TimeNs> labels);

// The length of the bars, from their labels and from what was said about it.
//
// Errors: invalid_input, a sentence about `what` (the file) = neither tells, or they contradict.
Result<Interval> settle_interval(const std::string& what, std::span<const TimeNs> labels,
                                 std::optional<Interval> given, std::optional<Interval> stated);

}  // namespace runledger::csv
