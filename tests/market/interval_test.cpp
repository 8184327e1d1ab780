#include <gtest/gtest.h>

#include <runledger/base/time.hpp>
#include <runledger/market/interval.hpp>

#include "bars_support.hpp"

namespace runledger {
namespace {

using test::at;

std::string canonical_text(std::string_view spelling) {
  const auto interval = parse_interval(spelling);
  return interval ? interval->text() : "refused";
}

TEST(Interval, ReadsCanonicalTextsAndWritesThemBack) {
  for (const char* text : {"1m", "5m", "90m", "1h", "4h", "1d", "3d", "1w", "1mo"}) {
    EXPECT_EQ(canonical_text(text), text);
  }
}

TEST(Interval, ReadsTheSpellingsOfOtherTools) {
  EXPECT_EQ(canonical_text("1wk"), "1w");
  EXPECT_EQ(canonical_text("1D"), "1d");
  EXPECT_EQ(canonical_text("1min"), "1m");
  EXPECT_EQ(canonical_text("15MIN"), "15m");
  EXPECT_EQ(canonical_text("daily"), "1d");
  EXPECT_EQ(canonical_text("Weekly"), "1w");
  EXPECT_EQ(canonical_text("MONTHLY"), "1mo");
  EXPECT_EQ(canonical_text("1M"), "1mo");
  EXPECT_EQ(canonical_text("1m"), "1m");
  EXPECT_EQ(canonical_text("h"), "1h");
  EXPECT_EQ(canonical_text("M15"), "15m");
  EXPECT_EQ(canonical_text("H4"), "4h");
  EXPECT_EQ(canonical_text("MN1"), "1mo");
}

TEST(Interval, GivesEqualLengthsOneText) {
  EXPECT_EQ(canonical_text("60m"), "1h");
  EXPECT_EQ(canonical_text("24h"), "1d");
  EXPECT_EQ(canonical_text("1440m"), "1d");
  EXPECT_EQ(canonical_text("7d"), "1w");
  EXPECT_EQ(parse_interval("60m"), parse_interval("1h"));
  EXPECT_EQ((Interval{120, IntervalUnit::minute}.text()), "2h");
}

TEST(Interval, RefusesWhatIsNoInterval) {
  for (const char* text : {"", "0m", "-1d", "1", "5 m", "1y", "2mo", "32d", "5w", "m5m", "1.5h",
                           "d1d", "99999999999999999999m", "M0", "Q1", "tick", "1s"}) {
    EXPECT_EQ(canonical_text(text), "refused") << text;
  }
}

TEST(CloseTime, AddsFixedLengths) {
  EXPECT_EQ(close_time(at("2024-06-01T09:30"), {5, IntervalUnit::minute}), at("2024-06-01T09:35"));
  EXPECT_EQ(close_time(at("2024-06-01"), {1, IntervalUnit::day}), at("2024-06-02"));
  EXPECT_EQ(close_time(at("1969-12-29"), {1, IntervalUnit::week}), at("1970-01-05"));
}

TEST(CloseTime, AddsMonthsByTheCalendar) {
  const Interval month{1, IntervalUnit::month};
  EXPECT_EQ(close_time(at("2024-01-01"), month), at("2024-02-01"));
  EXPECT_EQ(close_time(at("2023-12-15"), month), at("2024-01-15"));
  EXPECT_EQ(close_time(at("1969-11-30T06:00"), month), at("1969-12-30T06:00"));
}

TEST(CloseTime, ClampsToTheLengthOfTheNextMonth) {
  const Interval month{1, IntervalUnit::month};
  EXPECT_EQ(close_time(at("2024-01-31"), month), at("2024-02-29"));
  EXPECT_EQ(close_time(at("2023-01-31"), month), at("2023-02-28"));
  EXPECT_EQ(close_time(at("2024-05-31"), month), at("2024-06-30"));
}

}  // namespace
}  // namespace runledger
