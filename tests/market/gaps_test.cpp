#include <gtest/gtest.h>

#include <runledger/market/gaps.hpp>

#include "bars_support.hpp"

namespace runledger {
namespace {

using test::at;

std::vector<TimeNs> times(std::initializer_list<const char*> texts) {
  std::vector<TimeNs> labels;
  for (const char* text : texts) labels.push_back(at(text));
  return labels;
}

constexpr Interval kDaily{1, IntervalUnit::day};
constexpr Interval kMinutes{1, IntervalUnit::minute};

TEST(Gaps, WeekendsAreNoneInAFiveDayWeek) {
  const auto labels = times({"2024-01-04", "2024-01-05", "2024-01-08", "2024-01-09"});
  EXPECT_TRUE(find_gaps(labels, kDaily).empty());
}

TEST(Gaps, AHolidayIsOneMissingDay) {
  const auto gaps = find_gaps(times({"2024-01-12", "2024-01-16", "2024-01-17"}), kDaily);
  ASSERT_EQ(gaps.size(), 1u);
  EXPECT_EQ(gaps[0].after, at("2024-01-12"));
  EXPECT_EQ(gaps[0].before, at("2024-01-16"));
  EXPECT_EQ(gaps[0].missing, 1u);
}

TEST(Gaps, AWeekendIsAGapInASevenDayWeek) {
  const auto labels = times({"2024-01-05", "2024-01-06", "2024-01-07", "2024-01-08", "2024-01-12",
                             "2024-01-15", "2024-01-16"});
  const auto gaps = find_gaps(labels, kDaily);
  ASSERT_EQ(gaps.size(), 2u);
  EXPECT_EQ(gaps[0].missing, 3u);
  EXPECT_EQ(gaps[1].missing, 2u);
}

TEST(Gaps, CountsWorkingDaysBefore1970) {
  const auto gaps = find_gaps(times({"1969-12-19", "1969-12-29"}), kDaily);
  ASSERT_EQ(gaps.size(), 1u);
  EXPECT_EQ(gaps[0].missing, 5u);
}

TEST(Gaps, MonthsAreCountedByTheCalendar) {
  const Interval month{1, IntervalUnit::month};
  EXPECT_TRUE(find_gaps(times({"2024-01-31", "2024-02-29", "2024-03-29"}), month).empty());
  const auto gaps = find_gaps(times({"2023-11-30", "2024-02-29"}), month);
  ASSERT_EQ(gaps.size(), 1u);
  EXPECT_EQ(gaps[0].missing, 2u);
}

TEST(Gaps, AWeekMovedByAHolidayIsNone) {
  const Interval week{1, IntervalUnit::week};
  EXPECT_TRUE(find_gaps(times({"2024-03-22", "2024-03-28", "2024-04-05"}), week).empty());
  EXPECT_EQ(find_gaps(times({"2024-03-22", "2024-04-05"}), week).size(), 1u);
}

TEST(Gaps, NightsAreNoneButMissingMinutesAre) {
  std::vector<TimeNs> labels;
  for (TimeNs day = 0; day < 20; ++day) {
    for (TimeNs minute = 0; minute < 60; ++minute) {
      if (day == 7 && minute >= 10 && minute < 55) continue;
      labels.push_back(day * kDayNs + (14 * 60 + minute) * kMinuteNs);
    }
  }
  const auto gaps = find_gaps(labels, kMinutes);
  ASSERT_EQ(gaps.size(), 1u);
  EXPECT_EQ(gaps[0].missing, 45u);
  EXPECT_EQ(gaps[0].after, 7 * kDayNs + (14 * 60 + 9) * kMinuteNs);
}

TEST(Gaps, LongerThanATimeReachesAreCounted) {
  const auto labels = times({"1700-01-06", "2200-01-04"});  // Wednesday and Saturday
  const auto days = find_gaps(labels, kDaily);
  ASSERT_EQ(days.size(), 1u);
  EXPECT_EQ(days[0].missing, 182'618u);
  const auto weeks = find_gaps(labels, {1, IntervalUnit::week});
  ASSERT_EQ(weeks.size(), 1u);
  EXPECT_EQ(weeks[0].missing, 26'087u);
}

TEST(Gaps, OfNothingAreNone) {
  EXPECT_TRUE(find_gaps({}, kDaily).empty());
  EXPECT_TRUE(find_gaps(times({"2024-01-05"}), kMinutes).empty());
}

}  // namespace
}  // namespace runledger
