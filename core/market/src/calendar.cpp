#include <algorithm>

#include <runledger/base/time.hpp>
#include <runledger/market/calendar.hpp>

namespace runledger {
namespace {

constexpr std::int64_t kDayShareMin = 20;  // one day in so many: it is a trading day
// So many days in so long a time, and none of them a Monday: there is no trade on Mondays.
constexpr std::int64_t kDaysToJudge = 12;
constexpr std::int64_t kTimeToJudge = 28;
constexpr std::size_t kSaturday = 5;

}  // namespace

std::int64_t day_of(TimeNs time) { return time / kDayNs - (time % kDayNs < 0 ? 1 : 0); }
TimeNs clock_of(TimeNs time) { return time - day_of(time) * kDayNs; }
// 1970-01-01 was a Thursday.
std::size_t weekday_of(std::int64_t day) {
  return static_cast<std::size_t>(((day + 3) % 7 + 7) % 7);
}

TradingWeek::TradingWeek(std::span<const TimeNs> labels) {
  std::array<std::int64_t, 7> seen{};
  std::int64_t total = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::int64_t day = day_of(labels[i]);
    if (i > 0 && day_of(labels[i - 1]) == day) continue;
    ++seen[weekday_of(day)];
    ++total;
  }
  const bool long_enough =
      total >= kDaysToJudge && day_of(labels.back()) - day_of(labels.front()) >= kTimeToJudge;
  for (std::size_t weekday = 0; weekday < kept_.size(); ++weekday) {
    const bool often = seen[weekday] > 0 && seen[weekday] * kDayShareMin >= total;
    kept_[weekday] = often || (weekday < kSaturday && !long_enough);
  }
}

std::int64_t TradingWeek::days_before(std::int64_t day) const {
  const auto weekday = static_cast<std::ptrdiff_t>(weekday_of(day));
  const auto kept_in_week = std::count(kept_.begin(), kept_.end(), true);
  return (day - weekday + 3) / 7 * kept_in_week +
         std::count(kept_.begin(), kept_.begin() + weekday, true);
}

}  // namespace runledger
