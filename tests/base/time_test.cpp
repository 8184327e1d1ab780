#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <runledger/base/time.hpp>

namespace runledger {
namespace {

TimeNs instant(std::string_view text) { return parse_time(text).value().time; }

TEST(ParseTime, ReadsIso8601) {
  EXPECT_EQ(instant("1970-01-01"), 0);
  EXPECT_EQ(instant("1970-01-02T00:00:01Z"), kDayNs + kSecondNs);
  EXPECT_EQ(instant("2024-06-01T09:30"), instant("2024-06-01 09:30:00"));
  EXPECT_EQ(instant("1970-01-01T00:00:00.123456789"), 123456789);
  EXPECT_EQ(instant("1970-01-01T00:00:00.1"), 100'000'000);
  EXPECT_EQ(instant("1970-01-01T02:00:00+02:00"), 0);
  EXPECT_EQ(instant("1969-12-31T19:00:00-0500"), 0);
}

TEST(ParseTime, KnowsADayFromAnInstant) {
  EXPECT_TRUE(parse_time("2024-06-01")->date_only);
  EXPECT_FALSE(parse_time("2024-06-01T00:00")->date_only);
}

TEST(ParseTime, RefusesWhatIsNoTime) {
  for (const char* text : {"",
                           "2024",
                           "2024-6-1",
                           "2024-13-01",
                           "2023-02-29",
                           "2024-06-00",
                           "0000-01-01",
                           "1677-12-31",
                           "2262-01-01",
                           "9999-12-31",
                           "2024-06-01T",
                           "2024-06-01T24:00",
                           "2024-06-01T09:60",
                           "2024-06-01T09:30:60",
                           "2024-06-01T09:30:00.",
                           "2024-06-01T09:30:00.1234567890",
                           "2024-06-01T09:30Zx",
                           "2024-06-01T09:30+15:00",
                           "2024-06-01T09:30+02:60",
                           "2024-06-01 ",
                           " 2024-06-01",
                           "2024-06-01x",
                           "-024-06-01"}) {
    EXPECT_FALSE(parse_time(text)) << text;
  }
}

TEST(ParseTime, TakesTheWholeRangeOfYears) {
  EXPECT_LT(instant("1678-01-01"), 0);
  EXPECT_GT(instant("2261-12-31T23:59:59.999999999"), 0);
}

TEST(FormatTime, WritesADayOnlyAtMidnight) {
  EXPECT_EQ(format_time(0), "1970-01-01");
  EXPECT_EQ(format_time(9 * kHourNs + 30 * kMinuteNs), "1970-01-01T09:30:00Z");
  EXPECT_EQ(format_time(kSecondNs / 2), "1970-01-01T00:00:00.5Z");
  EXPECT_EQ(format_time(-1), "1969-12-31T23:59:59.999999999Z");
  EXPECT_EQ(format_date(-1), "1969-12-31");
}

TEST(FormatTime, WritesTheOldInterfacesForm) {
  EXPECT_EQ(format_created_at(instant("2026-11-22T09:41:00.123456")),
            "2026-11-22T09:41:00.123456+00:00");
}

RC_GTEST_PROP(FormatTime, ReadsBack, ()) {
  const auto time =
      *rc::gen::inRange<TimeNs>(-9'214'560'000'000'000'000, 9'214'646'400'000'000'000);
  RC_ASSERT(instant(format_time(time)) == time);
}

RC_GTEST_PROP(CivilDates, ReadBack, ()) {
  const auto days = *rc::gen::inRange<std::int64_t>(-106650, 106650);
  RC_ASSERT(days_from_civil(civil_from_days(days)) == days);
}

TEST(CivilDates, RefuseDaysThatDoNotExist) {
  EXPECT_FALSE(days_from_civil({2023, 2, 29}));
  EXPECT_FALSE(days_from_civil({1900, 2, 29}));
  EXPECT_TRUE(days_from_civil({2000, 2, 29}));
  EXPECT_FALSE(days_from_civil({2024, 0, 1}));
  EXPECT_FALSE(days_from_civil({2024, 257, 1}));
  EXPECT_FALSE(days_from_civil({2024, 1, 257}));
  EXPECT_FALSE(days_from_civil({40000, 1, 1}));
}

TEST(WallClock, IsAfterThisWasWritten) { EXPECT_GT(wall_clock_now(), instant("2024-01-01")); }

}  // namespace
}  // namespace runledger
