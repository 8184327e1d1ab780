#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "csv_support.hpp"

namespace runledger {
namespace {

using test::first_bar;
using test::last_bar;
using test::read_one;
using test::refusal;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::string_view kHead =
    "Date,Open,High,Low,Close,Volume\n2024-01-02,100,104,96,101,5000\n";
constexpr std::string_view kTail =
    "2024-01-05,101,103,99,102,6000\n2024-01-08,101,103,99,102,6000\n";

std::string with_row(const std::string& row) {
  return std::string(kHead) + row + '\n' + std::string(kTail);
}

struct BadCase {
  const char* name;
  std::string row;
  const char* sentence;  // behind `prices.csv line 3, column `
};

// NOLINTNEXTLINE(readability-identifier-naming): the name that GoogleTest calls
void PrintTo(const BadCase& one, std::ostream* out) { *out << one.name; }

class CsvBadRow : public ::testing::TestWithParam<BadCase> {};

TEST_P(CsvBadRow, IsNamedWithLineColumnAndValue) {
  EXPECT_EQ(refusal(with_row(GetParam().row)),
            std::string("prices.csv line 3") + GetParam().sentence +
                " (1 of 4 rows is bad); mend the file, or leave such rows out with --on-bad drop");
}

TEST_P(CsvBadRow, IsDroppedAndKeptAccountOf) {
  CsvOptions options;
  options.on_bad = OnBad::drop;
  const CsvSeries series = read_one(with_row(GetParam().row), options);
  EXPECT_EQ(series.bars.size(), 3u);
  EXPECT_EQ(series.dropped, 1u);
  ASSERT_EQ(series.bad_rows.size(), 1u);
  EXPECT_EQ(series.bad_rows[0].text(), std::string("line 3") + GetParam().sentence);
}

using namespace std::string_literals;

INSTANTIATE_TEST_SUITE_P(
    Csv, CsvBadRow,
    ::testing::Values(
        BadCase{"NaN", "2024-01-03,NaN,104,96,101,5", ", column Open: NaN is not a finite number"},
        BadCase{"Infinite", "2024-01-03,100,1e999,96,101,5",
                ", column High: 1e999 is not a finite number"},
        BadCase{"Negative", "2024-01-03,100,104,-96,101,5",
                ", column Low: -96 is not a price above 0"},
        BadCase{"Zero", "2024-01-03,100,104,0,101,5", ", column Low: 0 is not a price above 0"},
        BadCase{"Empty", "2024-01-03,100,104,,101,5",
                ", column Low: is missing (expected a price)"},
        BadCase{"Letters", "2024-01-03,100,1o4,96,101,5", ", column High: 1o4 is not a number"},
        BadCase{"Hexadecimal", "2024-01-03,100,0x68,96,101,5",
                ", column High: 0x68 is not a number"},
        BadCase{"HighBelowLow", "2024-01-03,100,95,96,101,5", ", column High: 95 is below Low 96"},
        BadCase{"OpenAboveHigh", "2024-01-03,105,104,96,101,5",
                ", column Open: 105 is above High 104"},
        BadCase{"OpenBelowLow", "2024-01-03,95,104,96,101,5", ", column Open: 95 is below Low 96"},
        BadCase{"CloseAboveHigh", "2024-01-03,100,104,96,104.5,5",
                ", column Close: 104.5 is above High 104"},
        BadCase{"CloseBelowLow", "2024-01-03,100,104,96,95.5,5",
                ", column Close: 95.5 is below Low 96"},
        BadCase{"NegativeVolume", "2024-01-03,100,104,96,101,-5",
                ", column Volume: -5 is negative (expected a volume)"},
        BadCase{"InfiniteVolume", "2024-01-03,100,104,96,101,inf",
                ", column Volume: inf is not a finite number"},
        BadCase{"TextVolume", "2024-01-03,100,104,96,101,many",
                ", column Volume: many is not a number"},
        BadCase{"TooFewColumns", "2024-01-03,100,104,96,101", ": has 5 columns, expected 6"},
        BadCase{"TooManyColumns", "2024-01-03,100,104,96,101,5,6", ": has 7 columns, expected 6"},
        BadCase{"NoSuchDate", "2024-02-30,100,104,96,101,5",
                ", column Date: 2024-02-30 is a date that does not exist"},
        BadCase{"YearZero", "0000-01-03,100,104,96,101,5",
                ", column Date: 0000-01-03 lies outside the years 1678 to 2261"},
        BadCase{"Year9999", "9999-12-31,100,104,96,101,5",
                ", column Date: 9999-12-31 lies outside the years 1678 to 2261"},
        BadCase{"NoDate", ",100,104,96,101,5", ", column Date: is empty (expected a date)"},
        BadCase{"TextDate", "today,100,104,96,101,5",
                ", column Date: today is not a date or time (expected such as 2024-01-31)"},
        BadCase{"TwoDigitYear", "01/02/24,100,104,96,101,5",
                ", column Date: 01/02/24 has a year of two digits (expected four)"},
        BadCase{"NulByte",
                "2024-01-03,1\0"s
                "00,104,96,101,5",
                ", column Open: 1?00 is not a number"},
        BadCase{
            "LongValue", "2024-01-03," + std::string(500, '9') + ",104,96,101,5",
            ", column Open: 9999999999999999999999999999999999999999... is not a finite number"},
        BadCase{"Duplicate", "2024-01-02,100,104,96,101,5",
                ", column Date: 2024-01-02 occurs twice"},
        BadCase{"Backwards", "2024-01-01,100,104,96,101,5",
                ", column Date: 2024-01-01 goes back, behind 2024-01-02"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(CsvRows, AnUnclosedQuoteIsABadRow) {
  EXPECT_THAT(refusal(with_row("\"2024-01-03,100,104,96,101,5")),
              StartsWith("prices.csv line 3: has a quote that is not closed (1 of 4 rows is bad)"));
}

TEST(CsvRows, AQuoteMayHoldTheDelimiterAndAQuote) {
  const CsvSeries series = read_one(
      "Name of it,Date,Open,High,Low,Close\n\"A, \"\"B\"\"\",2024-01-02,1,1,1,1\n"
      "\"\",2024-01-03,1,1,1,1\n");
  EXPECT_EQ(series.bars.size(), 2u);
}

TEST(CsvRows, BlankLinesAndAMissingLastEndAreNoMatter) {
  const CsvSeries series = read_one(
      "\n\nDate,Open,High,Low,Close\n\n2024-01-02,1,1,1,1\r\n   \n2024-01-03,2,2,2,2\n\n2024-01-04,"
      "3,3,3,3");
  EXPECT_EQ(series.bars.size(), 3u);
  EXPECT_EQ(last_bar(series), "2024-01-04 3 3 3 3 NaN");
}

TEST(CsvRows, LinesAreCountedWithTheHeaderAndBlankOnes) {
  EXPECT_THAT(refusal("\nDate,Open,High,Low,Close\n\n2024-01-02,1,1,1,1\n\n2024-01-03,2,2,2,x\n"),
              StartsWith("prices.csv line 6, column Close: x is not a number"));
}

TEST(CsvRows, LinesOfAReversedFileAreThoseOfTheFile) {
  EXPECT_THAT(refusal("Date,Open,High,Low,Close\n2024-01-05,1,1,1,1\n2024-01-04,1,1,1,1\n"
                      "2024-01-04,1,1,1,1\n2024-01-03,1,1,1,1\n2024-01-02,1,1,1,1\n"),
              StartsWith("prices.csv line 3, column Date: 2024-01-04 occurs twice"));
}

TEST(CsvRows, CountsAllBadRowsAndNamesTheFirst) {
  std::string text(kHead);
  for (int i = 0; i < 250; ++i) text += "2024-01-03,1,1,1,x,5\n";
  text += kTail;
  EXPECT_THAT(refusal(text), HasSubstr("line 3, column Close: x is not a number (250 of 253 rows "
                                       "are bad)"));
  CsvOptions options;
  options.on_bad = OnBad::drop;
  const CsvSeries series = read_one(text, options);
  EXPECT_EQ(series.dropped, 250u);
  EXPECT_EQ(series.bad_rows.size(), kCsvBadRowsKept);
}

TEST(CsvRows, AFileWithoutAnyGoodRowIsRefusedEvenWhenDropping) {
  CsvOptions options;
  options.on_bad = OnBad::drop;
  EXPECT_EQ(refusal("Date,Open,High,Low,Close\n2024-01-02,1,1,1,x\n2024-01-03,1,1,1,x\n", options),
            "prices.csv: none of its 2 rows is a bar, the first for this: line 2, column Close: x "
            "is not a number; mend the file");
}

TEST(CsvRows, AHeaderAloneIsRefused) {
  EXPECT_EQ(refusal("Date,Open,High,Low,Close\n"),
            "prices.csv: has a header but no rows; expected at least one bar");
  EXPECT_EQ(refusal("\n\n"), "prices.csv: has no line with prices; expected a header or rows");
}

TEST(CsvRows, AMissingVolumeIsNoVolume) {
  const CsvSeries series = read_one(
      "Date,Open,High,Low,Close,Volume\n2024-01-02,1,1,1,1,\n2024-01-03,1,1,1,1,NaN\n"
      "2024-01-04,1,1,1,1,-\n2024-01-05,1,1,1,1,7\n");
  EXPECT_TRUE(series.has_volume);
  EXPECT_EQ(first_bar(series), "2024-01-02 1 1 1 1 NaN");
  EXPECT_EQ(last_bar(series), "2024-01-05 1 1 1 1 7");
}

TEST(CsvLimits, AVeryLongLineIsRefused) {
  const std::string line(kCsvLineBytesMax + 1, '7');
  EXPECT_THAT(refusal(line), HasSubstr("line 1 has 65537 bytes"));
  const auto later = test::parse(std::string(kHead) + line + '\n');
  ASSERT_FALSE(later);
  EXPECT_EQ(later.error().code, ErrorCode::too_large);
  EXPECT_THAT(later.error().message, HasSubstr("line 3 has 65537 bytes"));
}

TEST(CsvLimits, AMillionColumnsAreRefused) {
  EXPECT_THAT(refusal(std::string(1'000'000, ',')), HasSubstr("line 1 has 1000000 bytes"));
  EXPECT_THAT(refusal(std::string(kCsvColumnsMax, ',')), HasSubstr("line 1 has 257 columns"));
  EXPECT_THAT(refusal(std::string(kHead) + std::string(60'000, ',') + '\n'),
              HasSubstr("has 60001 columns, expected 6"));
}

TEST(CsvLimits, MoreTickersThanTheLimitAreRefused) {
  std::string text = "Ticker,Date,Open,High,Low,Close\n";
  for (std::size_t i = 0; i <= kCsvSeriesMax; ++i) {
    text += "T" + std::to_string(i) + ",2024-01-02,1,1,1,1\n";
  }
  const auto all = test::parse(text);
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error().code, ErrorCode::too_large);
}

TEST(CsvRows, BadRowsOfSeveralTickersAreCountedForEach) {
  CsvOptions options;
  options.on_bad = OnBad::drop;
  const auto all = test::parse(
      "Ticker,Date,Open,High,Low,Close\nA,2024-01-02,1,1,1,1\nB,2024-01-02,1,1,1,1\n"
      "A,2024-01-03,x,1,1,1\nB,2024-01-03,1,1,1,1\nA,2024-01-04,1,1,1,1\nA,2024-01-05,1,1,1,1\n",
      options);
  ASSERT_TRUE(all) << all.error().message;
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ((*all)[0].dropped, 1u);
  EXPECT_EQ((*all)[0].bars.size(), 3u);
  EXPECT_EQ((*all)[1].dropped, 0u);
}

}  // namespace
}  // namespace runledger
