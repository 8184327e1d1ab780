#include <algorithm>
#include <cstdlib>
#include <map>
#include <utility>

#include <runledger/base/time.hpp>
#include <runledger/market/calendar.hpp>
#include <runledger/market/gaps.hpp>

#include "holidays.hpp"

namespace runledger {
namespace {

constexpr std::size_t kBreakShareMin = 10;  // one day in so many: the market is closed then
constexpr std::uint64_t kBreakMin = 30 * kMinuteNs;  // anything shorter is missing data

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

// Bars on each day that has some, oldest first.
std::vector<std::uint64_t> bars_by_day(std::span<const TimeNs> labels) {
  std::vector<std::uint64_t> counts;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (i == 0 || day_of(labels[i]) != day_of(labels[i - 1])) counts.push_back(0);
    ++counts.back();
  }
  return counts;
}

std::uint64_t median(std::vector<std::uint64_t> counts) {
  const auto middle = counts.begin() + static_cast<std::ptrdiff_t>(counts.size() / 2);
  std::ranges::nth_element(counts, middle);
  return *middle;
}

// When a market is closed: the breaks that recur at their times of day.
class MarketBreaks {
 public:
  MarketBreaks(const std::vector<Gap>& gaps, const TradingWeek& week, std::size_t days)
      : week_(week), often_(share_of(days)) {
    for (const Gap& gap : gaps) {
      ++seen_[times_of(gap)];
      if (has_day_off(gap)) over_days_off_.push_back(times_of(gap));
    }
  }

  [[nodiscard]] bool have(const Gap& gap) const {
    if (elapsed_ns(gap.after, gap.before) < kBreakMin) return false;
    return seen_.at(times_of(gap)) >= often_ || (has_day_off(gap) && recurs_over_days_off(gap));
  }

 private:
  using Times = std::pair<TimeNs, TimeNs>;  // of day

  static std::size_t share_of(std::size_t count) {
    return std::max<std::size_t>(2, (count + kBreakShareMin - 1) / kBreakShareMin);
  }
  static Times times_of(const Gap& gap) { return {clock_of(gap.after), clock_of(gap.before)}; }

  [[nodiscard]] bool has_day_off(const Gap& gap) const {
    const std::int64_t first = day_of(gap.after) + 1;
    const std::int64_t behind = day_of(gap.before);
    return behind - first > week_.days(first, behind);
  }

  // There are few weekends, and clocks change on them.
  [[nodiscard]] bool recurs_over_days_off(const Gap& gap) const {
    const auto [start, end] = times_of(gap);
    const auto is_alike = [start = start, end = end](const Times& other) {
      return std::abs(other.first - start) <= kHourNs && std::abs(other.second - end) <= kHourNs;
    };
    return static_cast<std::size_t>(std::ranges::count_if(over_days_off_, is_alike)) >=
           share_of(over_days_off_.size());
  }

  const TradingWeek& week_;
  std::size_t often_;
  std::map<Times, std::size_t> seen_;
  std::vector<Times> over_days_off_;
};

std::vector<Gap> daily_gaps(std::span<const TimeNs> labels) {
  const TradingWeek week(labels);
  const Holidays holidays(labels, week);
  auto gaps =
      gaps_by(labels, [&](TimeNs a, TimeNs b) { return week.days(day_of(a) + 1, day_of(b)) + 1; });
  for (Gap& gap : gaps) gap.holiday = holidays.fill(day_of(gap.after) + 1, day_of(gap.before));
  return gaps;
}

std::vector<Gap> intraday_gaps(std::span<const TimeNs> labels, std::vector<Gap> gaps) {
  if (gaps.empty()) return gaps;
  const TradingWeek week(labels);
  const Holidays holidays(labels, week);
  const std::vector<std::uint64_t> by_day = bars_by_day(labels);
  const std::uint64_t bars_a_day = median(by_day);
  const MarketBreaks breaks(gaps, week, by_day.size());
  std::erase_if(gaps, [&](Gap& gap) {
    const std::int64_t first = day_of(gap.after) + 1;
    const std::int64_t behind = day_of(gap.before);
    const std::int64_t days = week.days(first, behind);
    if (!breaks.have(gap)) return false;
    if (days <= 0) return true;
    gap.missing = static_cast<std::uint64_t>(days) * bars_a_day;
    gap.holiday = holidays.fill(first, behind);
    return false;
  });
  return gaps;
}

// The value that occurs most often, the least of several.
TimeNs commonest(const std::map<TimeNs, std::size_t>& counts) {
  return std::ranges::max_element(counts, {}, [](const auto& one) { return one.second; })->first;
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
  if (length == std::uint64_t{kDayNs}) return daily_gaps(labels);
  auto gaps = gaps_by(labels, [&](TimeNs a, TimeNs b) { return elapsed_ns(a, b) / length; });
  return interval.intraday() ? intraday_gaps(labels, std::move(gaps)) : gaps;
}

std::optional<TradingHours> usual_hours(std::span<const TimeNs> labels, Interval interval) {
  if (labels.empty() || !interval.intraday()) return std::nullopt;
  std::map<TimeNs, std::size_t> first, last;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::int64_t day = day_of(labels[i]);
    if (i == 0 || day_of(labels[i - 1]) != day) ++first[clock_of(labels[i])];
    if (i + 1 == labels.size() || day_of(labels[i + 1]) != day) ++last[clock_of(labels[i])];
  }
  return TradingHours{commonest(first), commonest(last) + *fixed_length(interval)};
}

}  // namespace runledger
