#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <runledger/base/time.hpp>
#include <runledger/market/calendar.hpp>
#include <runledger/market/resample.hpp>

namespace runledger {
namespace {

constexpr Interval kDay{1, IntervalUnit::day};
constexpr Interval kWeek{1, IntervalUnit::week};
constexpr Interval kMonth{1, IntervalUnit::month};

bool divides_the_day(Interval interval) {
  return interval.intraday() && kDayNs % *fixed_length(interval) == 0;
}

void start_bar(Bars& made, const Bars& bars, std::size_t i, TimeNs label) {
  made.label.push_back(label);
  made.open.push_back(bars.open[i]);
  made.high.push_back(bars.high[i]);
  made.low.push_back(bars.low[i]);
  made.close.push_back(bars.close[i]);
  made.volume.push_back(bars.volume[i]);
}

void continue_bar(Bars& made, const Bars& bars, std::size_t i) {
  made.high.back() = std::max(made.high.back(), bars.high[i]);
  made.low.back() = std::min(made.low.back(), bars.low[i]);
  made.close.back() = bars.close[i];
  double& volume = made.volume.back();
  if (std::isnan(bars.volume[i])) return;
  volume = std::isnan(volume) ? bars.volume[i] : volume + bars.volume[i];
}

// Whether the last trading day of `bars` went on for as long as the one before it.
bool last_day_is_over(const Bars& bars) {
  const std::int64_t day = day_of(bars.label.back());
  const auto earlier = std::ranges::lower_bound(bars.label, day * kDayNs);
  return earlier != bars.label.begin() && clock_of(bars.label.back()) >= clock_of(*(earlier - 1));
}

}  // namespace

bool divides(Interval smaller, Interval larger) {
  const Interval small = canonical(smaller);
  const Interval large = canonical(larger);
  if (divides_the_day(large))
    return divides_the_day(small) && small != large &&
           *fixed_length(large) % *fixed_length(small) == 0;
  if (large == kDay) return divides_the_day(small);
  return (large == kWeek || large == kMonth) && (small == kDay || divides_the_day(small));
}

TimeNs label_of_bar(TimeNs time, Interval interval) {
  const Interval one = canonical(interval);
  const std::int64_t day = day_of(time);
  if (one == kMonth) return (day - civil_from_days(day).day + 1) * kDayNs;
  if (one == kWeek) return (day - static_cast<std::int64_t>(weekday_of(day))) * kDayNs;
  const TimeNs clock = clock_of(time);
  return day * kDayNs + (one.intraday() ? clock - clock % *fixed_length(one) : 0);
}

Result<Bars> resample(const Bars& bars, Interval interval) {
  if (!divides(bars.interval, interval))
    return fail(ErrorCode::invalid_input, fmt::format("bars of {} cannot be made from bars of {}",
                                                      interval.text(), bars.interval.text()));
  Bars made;
  made.interval = canonical(interval);
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const TimeNs label = label_of_bar(bars.label[i], interval);
    const TimeNs end = close_time(label, interval);
    if (close_time(bars.label[i], bars.interval) > end)
      return fail(ErrorCode::invalid_input,
                  fmt::format("bars of {} cannot be made from these of {}: the one at {} reaches "
                              "over {}, where another begins",
                              interval.text(), bars.interval.text(), format_time(bars.label[i]),
                              format_time(end)));
    if (made.size() > 0 && made.label.back() == label)
      continue_bar(made, bars, i);
    else
      start_bar(made, bars, i, label);
    if (std::isinf(made.volume.back()))
      return fail(ErrorCode::invalid_input,
                  fmt::format("bars of {} cannot be made from these of {}: the volumes from {} on "
                              "add up to more than a number holds",
                              interval.text(), bars.interval.text(), format_time(label)));
  }
  return made;
}

bool ends_complete(const Bars& bars, Interval interval) {
  const TimeNs end = close_time(label_of_bar(bars.label.back(), interval), interval);
  if (close_time(bars.label.back(), bars.interval) >= end) return true;
  if (bars.interval.intraday() && !last_day_is_over(bars)) return false;
  if (canonical(interval).intraday()) return true;
  const std::int64_t tomorrow = day_of(bars.label.back()) + 1;
  return TradingWeek(bars.label).days(tomorrow, day_of(end)) == 0;
}

}  // namespace runledger
