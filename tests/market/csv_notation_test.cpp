// Numbers, dates, times of day, zones, and the length of bars.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "csv_support.hpp"

namespace runledger {
namespace {

using test::at;
using test::first_bar;
using test::last_bar;
using test::read_one;
using test::refusal;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string rows_at(const std::vector<std::string>& times) {
  std::string text = "Time;Open;High;Low;Close\n";
  for (const std::string& time : times) text += time + ";1;1;1;1\n";
  return text;
}

CsvOptions in_zone(const char* name) {
  CsvOptions options;
  options.timezone = name;
  return options;
}

CsvOptions of_interval(const char* text) {
  CsvOptions options;
  options.interval = parse_interval(text);
  return options;
}

TEST(CsvNumbers, ACommaIsADecimalMarkWhenOneNumberProvesIt) {
  const CsvSeries series = read_one(
      "Datum;Date;Open;High;Low;Close;Volume\n;2024-01-02;1,125;1.004,5;0,96;101;5.000\n"
      ";2024-01-03;1,5;2,25;1,25;2;6.000\n");
  EXPECT_EQ(first_bar(series), "2024-01-02 1.125 1004.5 0.96 101 5000");
}

TEST(CsvNumbers, ACommaSeparatesThousandsWhenOneNumberProvesIt) {
  const CsvSeries series = read_one(
      "Date;Open;High;Low;Close;Volume\n2024-01-02;1,125.5;1,250;1,000;1,125;5,000,000\n"
      "2024-01-03;1,125;1,250;1,000;1,125;7\n");
  EXPECT_EQ(first_bar(series), "2024-01-02 1125.5 1250 1000 1125 5e+06");
}

TEST(CsvNumbers, ACommaThatMayBeEitherIsRefused) {
  const char* const text =
      "Date;Open;High;Low;Close\n2024-01-02;1,125;1,250;1,000;1,125\n2024-01-03;1,1"
      "25;1,250;1,000;1,125\n";
  EXPECT_EQ(refusal(text),
            "prices.csv: the comma in 1,125 may be a decimal mark or separate thousands; say which "
            "with --decimal point or --decimal comma");
  CsvOptions options;
  options.decimal = DecimalMark::comma;
  EXPECT_EQ(first_bar(read_one(text, options)), "2024-01-02 1.125 1.25 1 1.125 NaN");
  options.decimal = DecimalMark::point;
  EXPECT_EQ(first_bar(read_one(text, options)), "2024-01-02 1125 1250 1000 1125 NaN");
}

TEST(CsvNumbers, MarksThatContradictAreRefused) {
  EXPECT_THAT(refusal("Date;Open;High;Low;Close\n2024-01-02;1,5;2;1;1\n2024-01-03;1.5;2;1;1\n"),
              HasSubstr("some numbers have a decimal point and some a decimal comma"));
}

TEST(CsvNumbers, WronglyGroupedThousandsAreNoNumber) {
  EXPECT_THAT(refusal("Date;Open;High;Low;Close;Volume\n2024-01-02;1.5;2.5;1.5;2;1,234,567\n"
                      "2024-01-03;1.5;2.5;1.5;2;12,34\n"),
              HasSubstr("some numbers have a decimal point and some a decimal comma"));
  CsvOptions options;
  options.decimal = DecimalMark::point;
  EXPECT_THAT(refusal("Date;Open;High;Low;Close;Volume\n2024-01-02;1.5;2.5;1.5;2;1,234,567\n"
                      "2024-01-03;1.5;2.5;1.5;2;12,34\n",
                      options),
              HasSubstr("line 3, column Volume: 12,34 is not a number"));
}

struct TimeCase {
  const char* written;
  const char* instant;
};

TEST(CsvTimes, AreReadInEveryNotation) {
  const TimeCase cases[] = {
      {"2024-06-03 09:30:00", "2024-06-03T09:30:00Z"},
      {"2024-06-03T09:30", "2024-06-03T09:30:00Z"},
      {"2024-06-03T09:30:00.250", "2024-06-03T09:30:00.25Z"},
      {"2024/6/3 9:30", "2024-06-03T09:30:00Z"},
      {"2024.06.03 09:30", "2024-06-03T09:30:00Z"},
      {"20240603 09:30", "2024-06-03T09:30:00Z"},
      {"20240603 093000", "2024-06-03T09:30:00Z"},
      {"20240603 93000", "2024-06-03T09:30:00Z"},
      {"20240603T0930", "2024-06-03T09:30:00Z"},
      {"202406030930", "2024-06-03T09:30:00Z"},
      {"20240603093000", "2024-06-03T09:30:00Z"},
      {"13.06.2024 09:30:00.000", "2024-06-13T09:30:00Z"},
      {"06/13/2024 09:30:00 PM", "2024-06-13T21:30:00Z"},
      {"06/13/2024 12:30 AM", "2024-06-13T00:30:00Z"},
      {"03-Jun-2024 09:30", "2024-06-03T09:30:00Z"},
      {"3 June 2024 09:30", "2024-06-03T09:30:00Z"},
      {"Jun 03, 2024 09:30", "2024-06-03T09:30:00Z"},
      {"2024-06-03 09:30:00Z", "2024-06-03T09:30:00Z"},
      {"2024-06-03 09:30:00 UTC", "2024-06-03T09:30:00Z"},
      {"2024-06-03 09:30:00-04:00", "2024-06-03T13:30:00Z"},
      {"2024-06-03 09:30:00+0530", "2024-06-03T04:00:00Z"},
      {"2024-06-03 09:30:00+02", "2024-06-03T07:30:00Z"},
      {"1717407000", "2024-06-03T09:30:00Z"},
      {"1717407000.0", "2024-06-03T09:30:00Z"},
      {"1717407000000", "2024-06-03T09:30:00Z"},
      {"1717407000000000", "2024-06-03T09:30:00Z"},
      {"1717407000000000000", "2024-06-03T09:30:00Z"},
  };
  for (const TimeCase& one : cases) {
    const CsvSeries series = read_one(rows_at({one.written}), of_interval("1m"));
    ASSERT_EQ(series.bars.size(), 1u) << one.written;
    EXPECT_EQ(series.bars.label[0], at(one.instant)) << one.written;
  }
}

TEST(CsvTimes, ThatAreNoneAreRefused) {
  for (const char* const written :
       {"2024-06-03 24:00", "2024-06-03 09:60", "2024-06-03 09:30:61", "2024-06-03 9", "2024-13-01",
        "2024-06-03 09:30 EST", "2024-06-03 09:30+15:00", "2024-06-03 13:30 PM", "2024-06-03x",
        "1.5", "12345", "99999999999999999999", "2024-06-03 09:30:00.1234567890", "2024-6-3-1",
        "Foo 03, 2024", "2024-06-03 09:30:00.", "06/13/2024 00:30 AM", "-1717407000"}) {
    EXPECT_THAT(refusal(rows_at({"2024-06-01 00:00", written}), of_interval("1m")),
                HasSubstr("line 3, column Time: "))
        << written;
  }
}

TEST(CsvTimes, TheOrderOfDayAndMonthIsProvenByAnyRow) {
  EXPECT_EQ(
      first_bar(read_one(rows_at({"01/02/2024", "02/02/2024", "13/02/2024"}), of_interval("1d"))),
      "2024-02-01 1 1 1 1 NaN");
  EXPECT_EQ(
      first_bar(read_one(rows_at({"01/02/2024", "01/03/2024", "01/16/2024"}), of_interval("1d"))),
      "2024-01-02 1 1 1 1 NaN");
}

TEST(CsvTimes, AnUnprovenOrderOfDayAndMonthIsRefused) {
  const std::string text = rows_at({"01/02/2024", "02/02/2024", "03/02/2024"});
  EXPECT_EQ(refusal(text),
            "prices.csv: 01/02/2024 may be day/month or month/day, and no other row proves either; "
            "say which with --date-order dmy or --date-order mdy");
  CsvOptions options;
  options.date_order = DateOrder::day_first;
  EXPECT_EQ(last_bar(read_one(text, options)), "2024-02-03 1 1 1 1 NaN");
  EXPECT_THAT(refusal(rows_at({"01/02/2024", "13/02/2024", "02/14/2024"})),
              HasSubstr("other rows prove both"));
}

TEST(CsvZones, LocalTimesBecomeInstants) {
  const CsvSeries series = read_one(
      rows_at({"2024-03-08 09:30", "2024-03-08 09:31", "2024-03-11 09:30", "2024-03-11 09:31"}),
      in_zone("America/New_York"));
  EXPECT_EQ(series.timezone, "America/New_York");
  EXPECT_THAT(series.bars.label,
              ElementsAre(at("2024-03-08T14:30:00Z"), at("2024-03-08T14:31:00Z"),
                          at("2024-03-11T13:30:00Z"), at("2024-03-11T13:31:00Z")));
}

TEST(CsvZones, ASkippedTimeIsABadRow) {
  EXPECT_THAT(refusal(rows_at({"2024-03-10 00:30", "2024-03-10 01:30", "2024-03-10 02:30",
                               "2024-03-10 03:30"}),
                      in_zone("America/New_York")),
              HasSubstr("line 4, column Time: 2024-03-10T02:30:00Z is a time that clocks in "
                        "America/New_York skip"));
}

TEST(CsvZones, ARepeatedTimeIsTheEarlierAndThenTheLater) {
  const CsvSeries series = read_one(
      rows_at({"2024-11-03 00:30", "2024-11-03 01:30", "2024-11-03 01:30", "2024-11-03 02:30"}),
      in_zone("America/New_York"));
  EXPECT_THAT(series.bars.label,
              ElementsAre(at("2024-11-03T04:30:00Z"), at("2024-11-03T05:30:00Z"),
                          at("2024-11-03T06:30:00Z"), at("2024-11-03T07:30:00Z")));
}

TEST(CsvZones, ARepeatedTimeOfAReversedFileToo) {
  const CsvSeries series = read_one(
      rows_at({"2024-11-03 02:30", "2024-11-03 01:30", "2024-11-03 01:30", "2024-11-03 00:30"}),
      in_zone("America/New_York"));
  EXPECT_THAT(series.bars.label,
              ElementsAre(at("2024-11-03T04:30:00Z"), at("2024-11-03T05:30:00Z"),
                          at("2024-11-03T06:30:00Z"), at("2024-11-03T07:30:00Z")));
}

TEST(CsvZones, OffsetsInTheFileGoBeforeTheOption) {
  const CsvSeries series =
      read_one(rows_at({"2024-11-03 01:30:00-04:00", "2024-11-03 01:30:00-05:00",
                        "2024-11-03 02:30:00-05:00"}),
               in_zone("Asia/Tokyo"));
  EXPECT_EQ(series.timezone, "offsets");
  EXPECT_THAT(series.bars.label, ElementsAre(at("2024-11-03T05:30:00Z"), at("2024-11-03T06:30:00Z"),
                                             at("2024-11-03T07:30:00Z")));
}

TEST(CsvZones, DaysAreLabelledByTheDateAsWritten) {
  // As yfinance writes days of the NYSE, across a clock change.
  EXPECT_THAT(read_one(rows_at({"2024-03-08 00:00:00-05:00", "2024-03-11 00:00:00-04:00",
                                "2024-03-12 00:00:00-04:00", "2024-03-13 00:00:00-04:00"}))
                  .bars.label,
              ElementsAre(at("2024-03-08"), at("2024-03-11"), at("2024-03-12"), at("2024-03-13")));
  // Labelled by the close.
  EXPECT_THAT(read_one(rows_at({"2024-03-11 16:00", "2024-03-12 16:00"})).bars.label,
              ElementsAre(at("2024-03-11"), at("2024-03-12")));
  // Epochs at midnight in Tokyo.
  EXPECT_THAT(read_one(rows_at({"1704207600", "1704294000"}), in_zone("Asia/Tokyo")).bars.label,
              ElementsAre(at("2024-01-03"), at("2024-01-04")));
}

TEST(CsvZones, AnUnknownZoneIsRefused) {
  for (const char* const name :
       {"Mars/Olympus", "", "localtime", "../../etc/passwd", "/etc/localtime", "New York"}) {
    EXPECT_THAT(refusal(rows_at({"2024-01-02", "2024-01-03"}), in_zone(name)),
                HasSubstr("is no time zone"))
        << name;
  }
}

std::vector<std::string> every(const char* from, TimeNs step, std::size_t count) {
  std::vector<std::string> times;
  times.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    times.push_back(format_time(at(from) + static_cast<TimeNs>(i) * step));
  }
  return times;
}

TEST(CsvInterval, IsTheCommonestDistance) {
  for (const char* const text :
       {"1m", "3m", "5m", "15m", "30m", "1h", "4h", "12h", "1d", "3d", "1w"}) {
    const auto interval = *parse_interval(text);
    EXPECT_EQ(read_one(rows_at(every("2024-01-01", *fixed_length(interval), 9))).bars.interval,
              interval)
        << text;
  }
}

TEST(CsvInterval, NightsWeekendsAndHolidaysAreNoMatter) {
  EXPECT_EQ(read_one(rows_at({"2024-01-04", "2024-01-05", "2024-01-08", "2024-01-09", "2024-01-12",
                              "2024-01-16"}))
                .bars.interval.text(),
            "1d");
  EXPECT_EQ(read_one(rows_at({"2024-01-04 09:30", "2024-01-04 13:30", "2024-01-05 09:30",
                              "2024-01-05 13:30", "2024-01-08 09:30"}))
                .bars.interval.text(),
            "4h");
}

TEST(CsvInterval, MonthsMayEndOnAnyDay) {
  EXPECT_EQ(read_one(rows_at({"2024-01-31", "2024-02-29", "2024-03-28", "2024-04-30"}))
                .bars.interval.text(),
            "1mo");
  EXPECT_EQ(read_one(rows_at({"2024-01-01", "2024-02-01", "2024-03-01"})).bars.interval.text(),
            "1mo");
}

TEST(CsvInterval, TicksAndYearsAreRefused) {
  EXPECT_THAT(
      refusal(rows_at({"2024-01-02 09:30:00", "2024-01-02 09:30:01", "2024-01-02 09:30:02"})),
      HasSubstr("its rows are 1 s apart, so they are ticks or bars of seconds"));
  EXPECT_THAT(refusal(rows_at({"2021-12-31", "2022-12-31", "2023-12-31"}), of_interval("1mo")),
              HasSubstr("--interval says 1mo"));
  EXPECT_THAT(refusal(rows_at({"2021-12-31", "2022-12-31", "2023-12-31"})),
              HasSubstr("its rows are 365 days apart; bars of 1m to 1mo are imported"));
}

TEST(CsvInterval, ThatContradictsTheFileIsRefused) {
  EXPECT_EQ(
      refusal(rows_at(every("2024-01-01", kDayNs, 5)), of_interval("1h")),
      "prices.csv: its bars are 1d apart, --interval says 1h; leave --interval out, or import "
      "the file that has them");
  EXPECT_THAT(refusal(rows_at(every("2024-01-01", kMinuteNs, 5)), of_interval("5m")),
              HasSubstr("its bars are 1m apart, --interval says 5m"));
  EXPECT_THAT(refusal(rows_at(every("2024-01-01", 5 * kMinuteNs, 5)), of_interval("1m")),
              HasSubstr("its bars are 5m apart, --interval says 1m"));
  EXPECT_THAT(refusal(rows_at({"2024-01-31", "2024-02-29", "2024-03-31"}), of_interval("1d")),
              HasSubstr("its bars are 1mo apart, --interval says 1d"));
}

TEST(CsvInterval, OfAThinlyTradedTickerIsTakenWhenItsBarsLieOnTheGrid) {
  const std::string text = rows_at({"2024-01-02 09:30", "2024-01-02 09:32", "2024-01-02 09:34",
                                    "2024-01-02 09:37", "2024-01-02 09:39"});
  EXPECT_EQ(read_one(text, of_interval("1m")).bars.interval.text(), "1m");
  EXPECT_EQ(
      read_one(rows_at({"2024-01-02", "2024-01-04", "2024-01-06", "2024-01-09"}), of_interval("1d"))
          .bars.interval.text(),
      "1d");
}

TEST(CsvInterval, OfOneBarHasToBeSaid) {
  EXPECT_EQ(refusal(rows_at({"2024-01-02"})),
            "prices.csv: one bar does not show its length; say it with --interval, such as 1d");
  EXPECT_EQ(read_one(rows_at({"2024-01-02"}), of_interval("1w")).bars.interval.text(), "1w");
}

TEST(CsvInterval, TwoBarsOverAWeekendDoNotShowIt) {
  EXPECT_THAT(refusal(rows_at({"2024-01-05", "2024-01-08"})),
              HasSubstr("its rows are 3 days apart, which does not show the length of its bars"));
  EXPECT_EQ(read_one(rows_at({"2024-01-05", "2024-01-08"}), of_interval("3d")).bars.size(), 2u);
}

}  // namespace
}  // namespace runledger
