#include <bit>
#include <cmath>
#include <limits>
#include <map>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <runledger/market/dataset.hpp>
#include <runledger/market/resample.hpp>

#include "bars_support.hpp"

namespace runledger {
namespace {

using test::at;

constexpr double kNoVolume = std::numeric_limits<double>::quiet_NaN();
constexpr Interval kMinute{1, IntervalUnit::minute};
constexpr Interval kHour{1, IntervalUnit::hour};
constexpr Interval kDay{1, IntervalUnit::day};
constexpr Interval kWeek{1, IntervalUnit::week};
constexpr Interval kMonth{1, IntervalUnit::month};

Interval interval(std::string_view text) { return parse_interval(text).value(); }

// Bars at these times, with prices and volumes that differ.
Bars bars_at(Interval length, const std::vector<TimeNs>& labels) {
  Bars bars = test::daily_bars(labels.size());
  bars.interval = length;
  bars.label = labels;
  return bars;
}
Bars bars_at(Interval length, std::initializer_list<const char*> texts) {
  std::vector<TimeNs> labels;
  for (const char* text : texts) labels.push_back(at(text));
  return bars_at(length, labels);
}

TEST(Resample, TakesWhatFillsALongerBarWithNoneOver) {
  EXPECT_TRUE(divides(kMinute, interval("5m")));
  EXPECT_TRUE(divides(interval("15m"), kHour));
  EXPECT_TRUE(divides(kHour, interval("4h")));
  EXPECT_TRUE(divides(interval("4h"), kDay));
  EXPECT_TRUE(divides(kMinute, kMonth));
  EXPECT_TRUE(divides(kDay, kWeek));
  EXPECT_TRUE(divides(kDay, kMonth));
}

TEST(Resample, RefusesWhatDoesNot) {
  for (const auto& [smaller, larger] : {std::pair{"5m", "7m"},
                                        {"2m", "5m"},
                                        {"1d", "1d"},
                                        {"1d", "1h"},
                                        {"1w", "1mo"},
                                        {"7h", "1d"},
                                        {"1h", "7h"},
                                        {"1d", "2d"},
                                        {"1d", "2w"},
                                        {"1w", "2w"},
                                        {"1mo", "1w"}}) {
    EXPECT_FALSE(divides(interval(smaller), interval(larger))) << smaller << ' ' << larger;
    Bars bars = test::daily_bars(3);
    bars.interval = interval(smaller);
    const auto made = resample(bars, interval(larger));
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, ErrorCode::invalid_input);
  }
}

TEST(Resample, LabelsTheStartOfTheLongerBar) {
  const TimeNs time = at("2024-05-23T14:37:00Z");  // a Thursday
  EXPECT_EQ(label_of_bar(time, interval("5m")), at("2024-05-23T14:35:00Z"));
  EXPECT_EQ(label_of_bar(time, interval("4h")), at("2024-05-23T12:00:00Z"));
  EXPECT_EQ(label_of_bar(time, kDay), at("2024-05-23"));
  EXPECT_EQ(label_of_bar(time, kWeek), at("2024-05-20"));
  EXPECT_EQ(label_of_bar(time, kMonth), at("2024-05-01"));
  EXPECT_EQ(label_of_bar(at("1969-12-31T23:59:00Z"), kHour), at("1969-12-31T23:00:00Z"));
  EXPECT_EQ(label_of_bar(at("1969-12-31"), kWeek), at("1969-12-29"));
}

TEST(Resample, MakesAWeekOfItsDays) {
  Bars days = bars_at(kDay, {"2024-05-20", "2024-05-22", "2024-05-24", "2024-05-27"});
  days.open = {10, 12, 9, 20};
  days.high = {13, 15, 9.5, 21};
  days.low = {9, 11, 8, 19};
  days.close = {12, 11.5, 9.25, 20};
  days.volume = {100, kNoVolume, 50, kNoVolume};
  const Bars weeks = resample(days, kWeek).value();
  EXPECT_EQ(weeks.interval, kWeek);
  EXPECT_EQ(weeks.label, (std::vector{at("2024-05-20"), at("2024-05-27")}));
  EXPECT_EQ(weeks.open, (std::vector{10.0, 20.0}));
  EXPECT_EQ(weeks.high, (std::vector{15.0, 21.0}));
  EXPECT_EQ(weeks.low, (std::vector{8.0, 19.0}));
  EXPECT_EQ(weeks.close, (std::vector{9.25, 20.0}));
  EXPECT_EQ(weeks.volume[0], 150);
  EXPECT_TRUE(std::isnan(weeks.volume[1]));
}

TEST(Resample, AddsVolumesFromTheFirstToTheLast) {
  Bars days = bars_at(kDay, {"2024-05-20", "2024-05-21", "2024-05-22"});
  days.volume = {1e16, 1, 1};  // the other way round it is 1e16 + 2
  EXPECT_EQ(resample(days, kWeek).value().volume[0], 1e16);
}

TEST(Resample, AWeekWithoutDaysIsNoBar) {
  const Bars days = bars_at(kDay, {"2024-05-03", "2024-05-20"});
  EXPECT_EQ(resample(days, kWeek).value().label, (std::vector{at("2024-04-29"), at("2024-05-20")}));
}

TEST(Resample, RefusesABarThatReachesIntoTheNext) {
  const Bars hours = bars_at(kHour, {"2024-01-02T13:30:00Z", "2024-01-02T23:30:00Z"});
  EXPECT_EQ(resample(hours, kDay).error().message,
            "bars of 1d cannot be made from these of 1h: the one at 2024-01-02T23:30:00Z reaches "
            "over 2024-01-03, where another begins");
}

TEST(Resample, RefusesVolumesThatAddUpToNoNumber) {
  Bars days = bars_at(kDay, {"2024-05-20", "2024-05-21"});
  days.volume = {1.5e308, 1.5e308};
  EXPECT_EQ(resample(days, kWeek).error().code, ErrorCode::invalid_input);
}

TEST(Resample, OfNothingIsNothing) { EXPECT_EQ(resample(bars_at(kDay, {}), kWeek)->size(), 0u); }

// ---- The last bar -----------------------------------------------------------------------------

std::vector<TimeNs> weekdays(const char* first, const char* last) {
  std::vector<TimeNs> labels;
  for (TimeNs day = at(first); day <= at(last); day += kDayNs)
    if ((day / kDayNs + 3) % 7 < 5) labels.push_back(day);
  return labels;
}

TEST(Resample, AWeekThatEndsOnFridayIsWholeAndOneThatEndsOnThursdayIsNot) {
  EXPECT_TRUE(ends_complete(bars_at(kDay, weekdays("2024-03-04", "2024-05-24")), kWeek));
  EXPECT_FALSE(ends_complete(bars_at(kDay, weekdays("2024-03-04", "2024-05-23")), kWeek));
}

TEST(Resample, AMonthThatEndsOnAWeekendIsWholeOnFriday) {
  EXPECT_TRUE(ends_complete(bars_at(kDay, weekdays("2024-03-04", "2024-06-28")), kMonth));
  EXPECT_FALSE(ends_complete(bars_at(kDay, weekdays("2024-03-04", "2024-06-27")), kMonth));
}

TEST(Resample, WhatTradesOnWeekendsHasWeeksUntilSunday) {
  std::vector<TimeNs> labels;
  for (TimeNs day = at("2024-03-04"); day <= at("2024-05-24"); day += kDayNs) labels.push_back(day);
  EXPECT_FALSE(ends_complete(bars_at(kDay, labels), kWeek));
  labels.push_back(at("2024-05-25"));
  labels.push_back(at("2024-05-26"));
  EXPECT_TRUE(ends_complete(bars_at(kDay, labels), kWeek));
}

TEST(Resample, ADayIsWholeWhenItWentOnAsLongAsTheOneBefore) {
  std::vector<TimeNs> labels;
  for (const char* day : {"2024-05-23", "2024-05-24"})
    for (TimeNs minute = 13 * 60 + 30; minute < 20 * 60; ++minute)
      labels.push_back(at(day) + minute * kMinuteNs);
  EXPECT_TRUE(ends_complete(bars_at(kMinute, labels), kDay));
  EXPECT_TRUE(ends_complete(bars_at(kMinute, labels), kWeek));  // it is a Friday
  EXPECT_TRUE(ends_complete(bars_at(kMinute, labels), interval("5m")));
  labels.pop_back();
  EXPECT_FALSE(ends_complete(bars_at(kMinute, labels), kDay));
  EXPECT_FALSE(ends_complete(bars_at(kMinute, labels), kWeek));
  EXPECT_FALSE(ends_complete(bars_at(kMinute, labels), interval("5m")));
  labels.resize(labels.size() - 4);  // 19:54 is the last
  EXPECT_TRUE(ends_complete(bars_at(kMinute, labels), interval("5m")));
  EXPECT_FALSE(ends_complete(bars_at(kMinute, labels), kDay));
}

// ---- Against the definition -------------------------------------------------------------------

// One longer bar, by the words of the documentation.
std::string defined_bar(const Bars& bars, const std::vector<std::size_t>& of) {
  double high = 0;
  double low = std::numeric_limits<double>::infinity();
  double volume = 0;
  bool has_volume = false;
  for (const std::size_t i : of) {
    if (bars.high[i] > high) high = bars.high[i];
    if (bars.low[i] < low) low = bars.low[i];
    if (std::isnan(bars.volume[i])) continue;
    volume += bars.volume[i];
    has_volume = true;
  }
  std::string text;
  for (const double value :
       {bars.open[of.front()], high, low, bars.close[of.back()], has_volume ? volume : kNoVolume})
    text += std::to_string(std::bit_cast<std::uint64_t>(value)) + ' ';
  return text;
}

RC_GTEST_PROP(Resample, IsItsDefinition, ()) {
  const auto [from, to] = *rc::gen::element(
      std::pair{"1m", "5m"}, std::pair{"1m", "1h"}, std::pair{"15m", "4h"}, std::pair{"1h", "1d"},
      std::pair{"1m", "1w"}, std::pair{"1d", "1w"}, std::pair{"1d", "1mo"});
  const TimeNs step = *fixed_length(interval(from));
  TimeNs label = *rc::gen::inRange<std::int64_t>(-20'000, 20'000) * kDayNs;
  Bars bars;
  bars.interval = interval(from);
  for (const auto skipped : *rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 40))) {
    label += step * (skipped > 30 ? skipped : 1);
    const double low = *rc::gen::inRange(1, 1000) * 0.37;
    const double high = low + *rc::gen::inRange(0, 100) * 0.011;
    bars.label.push_back(label);
    bars.open.push_back(low + (high - low) / 3);
    bars.high.push_back(high);
    bars.low.push_back(low);
    bars.close.push_back(high - (high - low) / 7);
    bars.volume.push_back(*rc::gen::inRange(0, 5) == 0 ? kNoVolume
                                                       : *rc::gen::inRange(0, 9999) * 0.13);
  }
  std::map<TimeNs, std::vector<std::size_t>> parts;
  for (std::size_t i = 0; i < bars.size(); ++i)
    parts[label_of_bar(bars.label[i], interval(to))].push_back(i);

  const Bars made = resample(bars, interval(to)).value();
  RC_ASSERT(made.size() == parts.size());
  std::size_t i = 0;
  for (const auto& [start, of] : parts) {
    RC_ASSERT(made.label[i] == start);
    RC_ASSERT(start <= bars.label[of.front()]);
    RC_ASSERT(close_time(start, made.interval) >= close_time(bars.label[of.back()], bars.interval));
    RC_ASSERT(defined_bar(made, {i}) == defined_bar(bars, of));
    ++i;
  }
  // What is made is what a dataset may hold.
  Bars read;
  read.interval = made.interval;
  RC_ASSERT(append_rows(encode_rows(made, {0, made.size()}), read).has_value());
}

RC_GTEST_PROP(Resample, OfMoreDataBeginsWithTheSameBars, ()) {
  const auto count = *rc::gen::inRange<std::size_t>(15, 200);
  const Bars all = bars_at(kDay, test::daily_bars(count).label);
  Bars fewer = all;
  fewer.truncate(*rc::gen::inRange<std::size_t>(14, count));  // so that weekends are seen
  Bars before = resample(fewer, kWeek).value();
  Bars after = resample(all, kWeek).value();
  if (!ends_complete(fewer, kWeek)) before.truncate(before.size() - 1);
  after.truncate(before.size());
  RC_ASSERT(test::same_bars(before, after));
}

}  // namespace
}  // namespace runledger
