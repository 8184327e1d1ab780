#include <algorithm>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include <runledger/market/calendar.hpp>
#include <runledger/market/gaps.hpp>

#include "bars_support.hpp"
#include "shared_folder.hpp"

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

// Every Monday to Friday of some years, but for the days named.
std::vector<TimeNs> years_without(int first, int last, const std::vector<TimeNs>& closed) {
  std::vector<TimeNs> labels;
  const TimeNs end = *days_from_civil({last, 12, 31}) * kDayNs;
  for (TimeNs day = *days_from_civil({first, 1, 1}) * kDayNs; day <= end; day += kDayNs)
    if (weekday_of(day_of(day)) < 5 && std::ranges::find(closed, day) == closed.end())
      labels.push_back(day);
  return labels;
}

// `2024-01-15 holiday`, `2024-03-05 2`
std::vector<std::string> told(const std::vector<Gap>& gaps) {
  std::vector<std::string> texts;
  for (const Gap& gap : gaps)
    texts.push_back(format_date(gap.after + kDayNs) +
                    (gap.holiday ? " holiday" : " " + std::to_string(gap.missing)));
  return texts;
}

TEST(Gaps, OnDatesThatRecurAreProbablyHolidays) {
  const auto labels = years_without(
      2018, 2020,
      times({"2018-07-04", "2019-07-04", "2020-07-03",     // a date, kept on Friday in 2020
             "2018-01-15", "2019-01-21", "2020-01-20",     // the third Monday
             "2018-05-28", "2019-05-27", "2020-05-25",     // the last Monday
             "2018-03-30", "2019-04-19", "2020-04-10",     // Good Friday
             "2019-03-05", "2019-03-06", "2018-12-05"}));  // once
  EXPECT_EQ(
      told(find_gaps(labels, kDaily)),
      (std::vector<std::string>{"2018-01-13 holiday", "2018-03-30 holiday", "2018-05-26 holiday",
                                "2018-07-04 holiday", "2018-12-05 1", "2019-01-19 holiday",
                                "2019-03-05 2", "2019-04-19 holiday", "2019-05-25 holiday",
                                "2019-07-04 holiday", "2020-01-18 holiday", "2020-04-10 holiday",
                                "2020-05-23 holiday", "2020-07-03 holiday"}));
}

TEST(Gaps, OfOneYearAreHolidaysWhereHardlyAnExchangeIsOpen) {
  const auto labels =
      years_without(2019, 2019, times({"2019-04-19", "2019-07-04", "2019-12-25", "2019-10-09"}));
  EXPECT_EQ(told(find_gaps(labels, kDaily)),
            (std::vector<std::string>{"2019-04-19 holiday", "2019-07-04 1", "2019-10-09 1",
                                      "2019-12-25 holiday"}));
}

TEST(Gaps, OfDataFullOfThemAreNoHolidays) {
  std::vector<TimeNs> labels = years_without(2018, 2020, {});
  std::erase_if(labels, [](TimeNs day) { return civil_from_days(day_of(day)).day % 4 == 0; });
  for (const Gap& gap : find_gaps(labels, kDaily)) EXPECT_FALSE(gap.holiday);
}

TEST(Gaps, AHolidayBesideAMissingDayIsAGap) {
  const auto labels = years_without(
      2018, 2019, times({"2018-12-25", "2019-12-25", "2018-01-01", "2019-01-01", "2019-12-26"}));
  EXPECT_EQ(told(find_gaps(labels, kDaily)),
            (std::vector<std::string>{"2018-12-25 holiday", "2019-01-01 holiday", "2019-12-25 2"}));
}

TEST(Gaps, SundaysOfCurrenciesMakeNoGapOfSaturdays) {
  std::vector<TimeNs> labels;
  for (TimeNs day = at("2024-01-01"); day < at("2024-06-01"); day += kDayNs)
    if (weekday_of(day_of(day)) != 5) labels.push_back(day);
  EXPECT_TRUE(find_gaps(labels, kDaily).empty());
}

TEST(Gaps, AWholeDayWithoutMinutesIsOne) {
  std::vector<TimeNs> labels;
  for (const TimeNs day : years_without(2023, 2023, times({"2023-12-25", "2023-05-09"})))
    for (TimeNs minute = 0; minute < 60; minute += 5)
      // Clocks change on a weekend.
      labels.push_back(day + (day < at("2023-03-12") ? 15 : 14) * kHourNs + minute * kMinuteNs);
  const auto gaps = find_gaps(labels, {5, IntervalUnit::minute});
  ASSERT_EQ(gaps.size(), 2u);
  EXPECT_EQ(gaps[0].after, at("2023-05-08T14:55:00Z"));
  EXPECT_EQ(gaps[0].missing, 12u);
  EXPECT_FALSE(gaps[0].holiday);
  EXPECT_EQ(gaps[1].before, at("2023-12-26T14:00:00Z"));
  EXPECT_TRUE(gaps[1].holiday);
  const auto hours = usual_hours(labels, {5, IntervalUnit::minute});
  EXPECT_EQ(hours->open, 14 * kHourNs);
  EXPECT_EQ(hours->close, 15 * kHourNs);
  EXPECT_FALSE(usual_hours(labels, kDaily));
}

TEST(Gaps, WeekendsOfHoursAroundTheClockAreNone) {
  std::vector<TimeNs> labels;
  for (TimeNs hour = at("2024-01-01"); hour < at("2024-07-01"); hour += kHourNs) {
    const TimeNs clock = clock_of(hour) - (hour < at("2024-03-10") ? 0 : -kHourNs);  // of New York
    const std::size_t weekday = weekday_of(day_of(hour));
    const bool weekend = weekday == 5 || (weekday == 4 && clock >= 22 * kHourNs) ||
                         (weekday == 6 && clock < 22 * kHourNs);
    if (!weekend && hour != at("2024-02-14T10:00:00Z")) labels.push_back(hour);
  }
  const auto gaps = find_gaps(labels, {1, IntervalUnit::hour});
  ASSERT_EQ(gaps.size(), 1u);
  EXPECT_EQ(gaps[0].before, at("2024-02-14T11:00:00Z"));
}

// What is known of the New York Stock Exchange, of a real file that has it.
TEST(Gaps, OfARealFileAreTheDaysOnWhichTheExchangeWasShut) {
  const auto folder = test::shared_folder();
  if (folder.empty()) GTEST_SKIP() << "the folder of real price files is not there";
  std::ifstream file(folder / "data/real/lean/equity_usa_daily_spy.csv");
  std::vector<TimeNs> labels;
  for (std::string line; std::getline(file, line);)
    labels.push_back(at(line.substr(0, 4) + '-' + line.substr(4, 2) + '-' + line.substr(6, 2)));
  std::vector<std::string> alarming = told(find_gaps(labels, kDaily));
  const std::size_t all = alarming.size();
  std::erase_if(alarming, [](const std::string& text) { return text.ends_with("holiday"); });
  EXPECT_GT(all, 200u);
  // 11 September, mourning for presidents, a hurricane.
  EXPECT_EQ(alarming, (std::vector<std::string>{"2001-09-11 4", "2004-06-11 1", "2006-12-30 2",
                                                "2012-10-27 2", "2018-12-05 1"}));
}

TEST(Gaps, LongerThanATimeReachesAreCounted) {
  const auto labels = times({"1700-01-06", "2200-01-04"});  // Wednesday and Saturday
  const auto days = find_gaps(labels, kDaily);
  ASSERT_EQ(days.size(), 1u);
  EXPECT_EQ(days[0].missing, 156'530u);  // Sundays are none
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
