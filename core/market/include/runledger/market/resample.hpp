#pragma once

#include <runledger/base/result.hpp>
#include <runledger/market/bars.hpp>

namespace runledger {

// Longer bars made from shorter ones: core/market/RESAMPLING.md. Recorded runs name what they were
// made from and count on it being done alike for ever, so nothing here changes.

// Whether bars of `smaller` fill bars of `larger` with none over: within the day when both divide
// the day and one the other; days from what divides a day; weeks and months from days and that.
bool divides(Interval smaller, Interval larger);

// The label of the bar of `interval` in which `time` lies: a multiple of its length since midnight
// UTC, the day, the Monday, the first of the month.
TimeNs label_of_bar(TimeNs time, Interval interval);

// The bars of `interval` that `bars` make up: the first open, the highest high, the lowest low, the
// last close, and the sum of the volumes, added from the first to the last; bars without volume
// add none, and where none has one there is none. A time without bars yields no bar. The last bar
// is made of what there is: ends_complete() tells whether that is all of it.
//
// Errors: invalid_input = the interval of `bars` does not divide `interval`, a bar reaches over the
//         end of the one it belongs to, or volumes add up to more than a number holds.
Result<Bars> resample(const Bars& bars, Interval interval);

// Whether the last bar that resample() makes of `bars`, of which there are some, is whole: they
// reach its end, but for weekdays on which they never trade, and for the hours of the day behind
// the one at which the trading day before ended.
bool ends_complete(const Bars& bars, Interval interval);

}  // namespace runledger
