#include <algorithm>
#include <map>
#include <utility>

#include <runledger/base/time.hpp>
#include <runledger/market/gaps.hpp>

namespace runledger {
namespace {

constexpr std::size_t kWeekendShareMin = 20;  // one bar in so many: a week of seven days
constexpr std::size_t kBreakShareMin = 10;    // one day in so many: the market is closed then
constexpr std::uint64_t kBreakMin = 30 * kMinuteNs;  // anything shorter is missing data

std::int64_t day_of(TimeNs time) { return time / kDayNs - (time % kDayNs < 0 ? 1 : 0); }
TimeNs clock_of(TimeNs time) { return time - day_of(time) * kDayNs; }
// 0 is Monday; 1970-01-01 was a Thursday.
std::int64_t weekday_of(std::int64_t day) { return ((day + 3) % 7 + 7) % 7; }

// Days from Monday to Friday that lie before `day`, counted from a fixed Monday.
std::int64_t working_days_before(std::int64_t day) {
  const std::int64_t weekday = weekday_of(day);
  return (day - weekday + 3) / 7 * 5 + std::min<std::int64_t>(weekday, 5);
}

bool keeps_weekends(std::span<const TimeNs> labels) {
  const auto on_weekend = [](TimeNs label) { return weekday_of(day_of(label)) >= 5; };
  const auto count = static_cast<std::size_t>(std::ranges::count_if(labels, on_weekend));
  return count * kWeekendShareMin >= labels.size();
}

std::int64_t month_of(TimeNs label) {
  const CivilDate date = civil_from_days(day_of(label));
  return date.year * std::int64_t{12} + date.month - 1;
}

// Appends a gap for every pair between which `steps_between` finds more than one step.
template <class Steps>
std::vector<Gap> gaps_by(std::span<const TimeNs> labels, Steps steps_between) {
  std::vector<Gap> gaps;
  for (std::size_t i = 1; i < labels.size(); ++i) {
    const auto steps = static_cast<std::uint64_t>(steps_between(labels[i - 1], labels[i]));
    if (steps > 1) gaps.push_back({labels[i - 1], labels[i], steps - 1});
  }
  return gaps;
}

// Leaves out the breaks that recur at the same times of day.
void remove_market_breaks(std::span<const TimeNs> labels, std::vector<Gap>& gaps) {
  std::size_t days = 1;
  for (std::size_t i = 1; i < labels.size(); ++i) {
    if (day_of(labels[i]) != day_of(labels[i - 1])) ++days;
  }
  const std::size_t often = std::max<std::size_t>(2, (days + kBreakShareMin - 1) / kBreakShareMin);
  const auto times = [](const Gap& gap) {
    return std::pair(clock_of(gap.after), clock_of(gap.before));
  };
  std::map<std::pair<TimeNs, TimeNs>, std::size_t> seen;
  for (const Gap& gap : gaps) ++seen[times(gap)];
  std::erase_if(gaps, [&](const Gap& gap) {
    return elapsed_ns(gap.after, gap.before) >= kBreakMin && seen[times(gap)] >= often;
  });
}

}  // namespace

std::vector<Gap> find_gaps(std::span<const TimeNs> labels, Interval interval) {
  if (interval.unit == IntervalUnit::month) {
    return gaps_by(labels, [&](TimeNs a, TimeNs b) {
      return (month_of(b) - month_of(a)) / std::max<std::int64_t>(1, interval.count);
    });
  }
  const auto length = static_cast<std::uint64_t>(*fixed_length(interval));
  if (interval.unit == IntervalUnit::week) {
    // A holiday moves a weekly label by a day or two.
    return gaps_by(labels,
                   [&](TimeNs a, TimeNs b) { return (elapsed_ns(a, b) + 2 * kDayNs) / length; });
  }
  if (length == std::uint64_t{kDayNs} && !keeps_weekends(labels)) {
    return gaps_by(labels, [](TimeNs a, TimeNs b) {
      return working_days_before(day_of(b)) - working_days_before(day_of(a));
    });
  }
  auto gaps = gaps_by(labels, [&](TimeNs a, TimeNs b) { return elapsed_ns(a, b) / length; });
  if (interval.intraday()) remove_market_breaks(labels, gaps);
  return gaps;
}

}  // namespace runledger
