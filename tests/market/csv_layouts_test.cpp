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

constexpr Interval kDaily{1, IntervalUnit::day};
constexpr Interval kMinutes{1, IntervalUnit::minute};

TEST(CsvLayout, YahooKeepsRawPrices) {
  const CsvSeries series = read_one(
      "Date,Open,High,Low,Close,Adj Close,Volume\n"
      "2024-01-02,100.5,104,96,101,50.5,5000\n"
      "2024-01-03,101,103,99,102,51,6000\n");
  EXPECT_EQ(series.layout, "yahoo");
  EXPECT_EQ(series.bars.interval, kDaily);
  EXPECT_EQ(series.timezone, "none");
  EXPECT_EQ(first_bar(series), "2024-01-02 100.5 104 96 101 5000");
  EXPECT_EQ(last_bar(series), "2024-01-03 101 103 99 102 6000");
}

TEST(CsvLayout, TellsAdjustedClosesThatDifferFromThoseThatAreTheSame) {
  const auto differs = [](const std::string& name, const std::string& adjusted) {
    return read_one("Date,Open,High,Low,Close," + name +
                    ",Volume\n2024-01-02,100,104,96,101,101.00,1\n2024-01-03,101,103,99,102," +
                    adjusted + ",1\n")
        .adjusted_close_differs;
  };
  for (const char* name : {"Adj Close", "adjusted_close"}) {
    EXPECT_TRUE(differs(name, "51")) << name;
    EXPECT_TRUE(differs(name, "101.999")) << name;
    for (const char* same : {"102", "102.000000", "102.000001", "null", ""})
      EXPECT_FALSE(differs(name, same)) << name << " " << same;
  }
  EXPECT_FALSE(differs("Weight", "51"));
}

TEST(CsvLayout, YahooRowsOfNullAreBad) {
  EXPECT_EQ(refusal("Date,Open,High,Low,Close,Adj Close,Volume\n"
                    "2024-01-02,100,104,96,101,101,5000\n"
                    "2024-01-03,null,null,null,null,null,null\n"
                    "2024-01-04,101,103,99,102,102,6000\n"),
            "prices.csv line 3, column Open: null is missing, and the row's other prices too (1 of "
            "3 rows is bad); mend the file, or leave such rows out with --on-bad drop");
}

TEST(CsvLayout, YfinanceNamesTheTickerInItsSecondLine) {
  const CsvSeries series = read_one(
      "Price,Close,High,Low,Open,Volume\n"
      "Ticker,AAPL,AAPL,AAPL,AAPL,AAPL\n"
      "Date,,,,,\n"
      "2024-01-02,101,104,96,100,5000\n"
      "2024-01-03,102,103,99,101,6000\n");
  EXPECT_EQ(series.layout, "yahoo");
  EXPECT_EQ(series.ticker, "AAPL");
  EXPECT_EQ(first_bar(series), "2024-01-02 100 104 96 101 5000");
}

TEST(CsvLayout, YfinanceOfSeveralTickersIsRefused) {
  EXPECT_THAT(refusal("Price,Close,Close,High,High,Low,Low,Open,Open,Volume,Volume\n"
                      "Ticker,A,B,A,B,A,B,A,B,A,B\nDate,,,,,,,,,,\n"
                      "2024-01-02,1,1,1,1,1,1,1,1,1,1\n"),
              HasSubstr("the header has two columns named"));
}

TEST(CsvLayout, GenericTakesAnyOrderAndCase) {
  const CsvSeries series = read_one(
      "VOLUME,close,LOW,High,open,Comment,DATE\n"
      "5000,101,96,104,100,fine,2024-01-02\n"
      "6000,102,99,103,101,fine,2024-01-03\n");
  EXPECT_EQ(series.layout, "generic");
  EXPECT_EQ(first_bar(series), "2024-01-02 100 104 96 101 5000");
}

TEST(CsvLayout, FirstColumnMayHaveNoName) {
  const CsvSeries series = read_one(
      ",Open,High,Low,Close,Volume\n2024-01-02,100,104,96,101,5000\n"
      "2024-01-03,101,103,99,102,6000\n");
  EXPECT_EQ(first_bar(series), "2024-01-02 100 104 96 101 5000");
}

TEST(CsvLayout, DateAndTimeMayBeSeparate) {
  const CsvSeries series = read_one(
      "Date,Time,Open,High,Low,Close,Volume,OpenInterest\r\n"
      "2024-01-02,09:05:00,100,104,96,101,0,0\r\n"
      "2024-01-02,09:10:00,101,103,99,102,0,0\r\n");
  EXPECT_EQ(series.bars.interval, (Interval{5, IntervalUnit::minute}));
  EXPECT_EQ(series.timezone, "UTC");
  EXPECT_EQ(first_bar(series), "2024-01-02T09:05:00Z 100 104 96 101 0");
}

TEST(CsvLayout, MetaTraderWritesTabsAndAngleBrackets) {
  const CsvSeries series = read_one(
      "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>\n"
      "2024.01.02\t09:00:00\t1.1\t1.3\t1.0\t1.2\t7\t0\t3\n"
      "2024.01.02\t09:01:00\t1.2\t1.3\t1.1\t1.2\t8\t9\t3\n");
  EXPECT_EQ(series.bars.interval, kMinutes);
  EXPECT_EQ(last_bar(series), "2024-01-02T09:01:00Z 1.2 1.3 1.1 1.2 9");
}

TEST(CsvLayout, StooqOfOneTickerIsGeneric) {
  CsvOptions options;
  options.format = "stooq";
  EXPECT_EQ(read_one("Date,Open,High,Low,Close,Volume\n2024-01-02,100,104,96,101,5000\n"
                     "2024-01-03,101,103,99,102,6000\n",
                     options)
                .bars.size(),
            2u);
}

constexpr std::string_view kStooqBulk =
    "<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\n"
    "AAPL.US,D,20240102,000000,100,104,96,101,5000,0\n"
    "MSFT.US,D,20240102,000000,200,204,196,201,7000,0\n"
    "AAPL.US,D,20240103,000000,101,103,99,102,6000,0\n"
    "AAPL.US,5,20240102,153500,100,101,99,100.5,10,0\n"
    "AAPL.US,5,20240102,154000,100.5,101,100,100.25,11,0\n";

TEST(CsvLayout, StooqBulkHoldsTickersAndPeriods) {
  const auto all = test::parse(kStooqBulk);
  ASSERT_TRUE(all) << all.error().message;
  ASSERT_EQ(all->size(), 3u);
  EXPECT_EQ((*all)[0].layout, "stooq");
  EXPECT_EQ((*all)[0].ticker, "AAPL.US");
  EXPECT_EQ((*all)[0].bars.interval, kDaily);
  EXPECT_EQ(last_bar((*all)[0]), "2024-01-03 101 103 99 102 6000");
  // One bar: the period says how long it is.
  EXPECT_EQ((*all)[1].ticker, "MSFT.US");
  EXPECT_EQ((*all)[1].bars.interval, kDaily);
  EXPECT_EQ((*all)[2].bars.interval, (Interval{5, IntervalUnit::minute}));
  EXPECT_EQ(first_bar((*all)[2]), "2024-01-02T15:35:00Z 100 101 99 100.5 10");
}

TEST(CsvLayout, OneTickerOfSeveralIsChosenByName) {
  CsvOptions options;
  options.ticker = "msft.us";
  EXPECT_EQ(read_one(kStooqBulk, options).ticker, "MSFT.US");
  options.ticker = "IBM";
  EXPECT_EQ(refusal(kStooqBulk, options),
            "prices.csv: has no rows of the ticker IBM; it has AAPL.US, MSFT.US");
}

TEST(CsvLayout, StooqPeriodOfAYearIsRefused) {
  EXPECT_THAT(refusal("<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\n"
                      "A,Y,20240102,000000,1,1,1,1,5,0\n"),
              HasSubstr("prices.csv (A): has the period Y"));
}

TEST(CsvLayout, AlphaVantageIsReversed) {
  const CsvSeries series = read_one(
      "timestamp,open,high,low,close,volume\r\n"
      "2024-01-02 20:00:00,101,103,99,102,6000\r\n"
      "2024-01-02 19:58:00,100,104,96,101,5000\r\n"
      "2024-01-02 19:57:00,100,102,98,100,4000\r\n");
  EXPECT_EQ(series.layout, "alpha-vantage");
  EXPECT_TRUE(series.newest_first);
  EXPECT_EQ(series.bars.interval, kMinutes);
  EXPECT_EQ(first_bar(series), "2024-01-02T19:57:00Z 100 102 98 100 4000");
  EXPECT_EQ(last_bar(series), "2024-01-02T20:00:00Z 101 103 99 102 6000");
}

TEST(CsvLayout, TimesWithoutAZoneAmongOthersAreToldToo) {
  const std::string head = "timestamp,open,high,low,close,volume\n";
  const CsvSeries mixed =
      read_one(head + "2024-01-02T09:30:00Z,1,2,1,2,5\n2024-01-02T09:35:00,1,2,1,2,5\n");
  EXPECT_EQ(mixed.timezone, "offsets");
  EXPECT_TRUE(mixed.timezone_assumed);
}

TEST(CsvLayout, WhatDataExportWritesIsGeneric) {
  for (const char* rows : {"2024-01-02,1,2,1,2,5\n2024-01-03,1,2,1,2,5\n",
                           "2024-01-02T09:30:00Z,1,2,1,2,5\n2024-01-02T09:35:00Z,1,2,1,2,5\n"}) {
    const CsvSeries series = read_one(std::string("time,open,high,low,close,volume\n") + rows);
    EXPECT_EQ(series.layout, "generic");
    EXPECT_FALSE(series.timezone_assumed);
  }
}

TEST(CsvLayout, BinanceKlinesCountMilliseconds) {
  const CsvSeries series = read_one(
      "1637971200000,0.00002853,0.00002854,0.00002851,0.00002854,36304.2,1637971259999,1.0,79,"
      "19523,"
      "0.5,0\n");
  EXPECT_EQ(series.layout, "binance");
  EXPECT_EQ(series.bars.interval, kMinutes);  // of a single bar: its close time tells
  EXPECT_EQ(series.timezone, "UTC");
  EXPECT_EQ(first_bar(series), "2021-11-27 0.00002853 0.00002854 0.00002851 0.00002854 36304.2");
}

TEST(CsvLayout, BinanceKlinesCountSecondsOrMicroseconds) {
  const char* const seconds = "1735689600,1,3,1,2,5,1735693199,0,1,0,0,0\n";
  EXPECT_EQ(first_bar(read_one(seconds)), "2025-01-01 1 3 1 2 5");
  EXPECT_EQ(read_one(seconds).bars.interval, (Interval{1, IntervalUnit::hour}));
  const char* const micro = "1735689600000000,1,3,1,2,5,1735775999999999,0,1,0,0,0\n";
  EXPECT_EQ(first_bar(read_one(micro)), "2025-01-01 1 3 1 2 5");
  EXPECT_EQ(read_one(micro).bars.interval, kDaily);
}

constexpr std::string_view kLeanDaily =
    "20240102 00:00,973100,975300,965300,973600,2150000\n"
    "20240103 00:00,978400,984400,967800,977500,4030800\n";

TEST(CsvLayout, LeanEquitiesAreScaled) {
  const CsvSeries series = read_one(kLeanDaily, {}, "equity/usa/daily/spy.csv");
  EXPECT_EQ(series.layout, "lean");
  EXPECT_EQ(series.scale, 10'000);
  EXPECT_EQ(first_bar(series), "2024-01-02 97.31 97.53 96.53 97.36 2150000");
}

TEST(CsvLayout, LeanWithoutAMarketNeedsTheScale) {
  EXPECT_THAT(refusal(kLeanDaily), HasSubstr("say which with --scale 10000 or --scale 1"));
  CsvOptions options;
  options.scale = 10'000;
  EXPECT_EQ(first_bar(read_one(kLeanDaily, options)), "2024-01-02 97.31 97.53 96.53 97.36 2150000");
  options.scale = 1;
  EXPECT_EQ(first_bar(read_one(kLeanDaily, options)),
            "2024-01-02 973100 975300 965300 973600 2150000");
}

TEST(CsvLayout, LeanPricesWithAPointAreNotScaled) {
  const CsvSeries series =
      read_one("20240102 00:00,377.9,378,377.01,378,0.5\n20240103 00:00,378,378,377,377,1\n");
  EXPECT_EQ(series.layout, "lean");
  EXPECT_EQ(series.scale, 1);
}

constexpr std::string_view kLeanMinutes =
    "14400000,1674100,1674100,1672500,1672700,3197\n"
    "14460000,1672500,1672500,1672500,1672500,1150\n";

TEST(CsvLayout, LeanMinutesCountFromMidnightInNewYork) {
  const CsvSeries series = read_one(kLeanMinutes, {}, "equity_20131007_spy_trade.csv");
  EXPECT_EQ(series.timezone, "America/New_York");
  EXPECT_EQ(series.bars.interval, kMinutes);
  EXPECT_EQ(first_bar(series), "2013-10-07T08:00:00Z 167.41 167.41 167.25 167.27 3197");
  EXPECT_EQ(first_bar(read_one(kLeanMinutes, {}, "crypto_20131007_x_trade.csv")),
            "2013-10-07T04:00:00Z 1674100 1674100 1672500 1672700 3197");
}

TEST(CsvLayout, LeanMinutesNeedADateInTheName) {
  EXPECT_THAT(refusal(kLeanMinutes, {}, "equity_spy_trade.csv"),
              HasSubstr("its name holds no single date"));
}

TEST(CsvLayout, LeanMinutesOfAnUnknownMarketNeedScaleAndZone) {
  CsvOptions options;
  EXPECT_THAT(refusal(kLeanMinutes, options, "20131007_trade.csv"), HasSubstr("--scale 10000"));
  options.scale = 10'000;
  EXPECT_THAT(refusal(kLeanMinutes, options, "20131007_trade.csv"),
              HasSubstr("--timezone America/New_York"));
  options.timezone = "America/New_York";
  EXPECT_EQ(first_bar(read_one(kLeanMinutes, options, "20131007_trade.csv")),
            "2013-10-07T08:00:00Z 167.41 167.41 167.25 167.27 3197");
}

TEST(CsvLayout, FilesThatHoldNoBarsSayWhatTheyAre) {
  EXPECT_THAT(refusal("50400000,1,1,1,1,0,1,1,1,1,0\n"), HasSubstr("holds quotes"));
  EXPECT_THAT(refusal("19980102,0.6566606,1,1\n19980319,0.6566606,1,109.34\n"),
              HasSubstr("looks like a LEAN factor file"));
  EXPECT_EQ(refusal("Date,^SPX\n1985-10-01,185.07\n"),
            "prices.csv: the header has no column for open, high, low, close (its columns: Date, "
            "^SPX); a series of closes only is not bars; expected date, open, high, low, close and "
            "perhaps volume");
  EXPECT_THAT(refusal("timestamp,bid,ask\n1,2,3\n"), HasSubstr("quotes are not bars"));
  EXPECT_THAT(refusal("timestamp,price,size\n1,2,3\n"), HasSubstr("trades are not bars"));
}

TEST(CsvLayout, RowsWithoutAHeaderShowTheirOrder) {
  const CsvSeries series = read_one(
      "20240102 000000;1.306600;1.306700;1.306500;1.306560;0\n"
      "20240102 000100;1.306570;1.306580;1.306560;1.306570;0\n");
  EXPECT_EQ(series.layout, "headerless");
  EXPECT_EQ(first_bar(series), "2024-01-02 1.3066 1.3067 1.3065 1.30656 0");
  EXPECT_EQ(first_bar(read_one("2024.01.02,09:00,1.1,1.3,1.0,1.2,7\n2024.01.02,09:01,1.2,1.3,1,1,"
                               "8\n")),
            "2024-01-02T09:00:00Z 1.1 1.3 1 1.2 7");
  // Close before open: nothing says which column is which.
  EXPECT_THAT(refusal("2024-01-02,101,96,104,100,5000\n2024-01-03,102,99,103,101,6000\n"),
              HasSubstr("add a header line that names them"));
}

TEST(CsvLayout, TextColumnsAndByteOrderMarksAreNoMatter) {
  const CsvSeries series = read_one(
      "\xEF\xBB\xBFtimestamp_utc;open;high;low;close;volume;pricetype\n"
      "2024-01-01 23:01:00;1.1076;1.10785;1.1076;1.1078;205;Last\n"
      "2024-01-01 23:02:00;1.10775;1.1078;1.1077;1.10775;86;Last");
  EXPECT_EQ(first_bar(series), "2024-01-01T23:01:00Z 1.1076 1.10785 1.1076 1.1078 205");
  EXPECT_EQ(series.bars.size(), 2u);
}

TEST(CsvLayout, VolumeMayBeMissing) {
  const CsvSeries series =
      read_one("DATE,OPEN,HIGH,LOW,CLOSE\n1990-01-02,17,18,16,17\n1990-01-03,17,18,16,17\n");
  EXPECT_FALSE(series.has_volume);
  EXPECT_EQ(first_bar(series), "1990-01-02 17 18 16 17 NaN");
}

TEST(CsvLayout, LinesBeforeTheHeaderMayBeComments) {
  const CsvSeries series = read_one(
      "https://www.example.com\n# made on Monday\n\n"
      "unix,date,symbol,open,high,low,close,Volume BTC,Volume USD\n"
      "1704153600,2024-01-02 00:00:00,BTC/USD,100,104,96,101,5,500\n"
      "1704067200,2024-01-01 00:00:00,BTC/USD,99,101,98,100,4,400\n");
  EXPECT_EQ(series.ticker, "BTC/USD");
  EXPECT_EQ(first_bar(series), "2024-01-01 99 101 98 100 4");
}

TEST(CsvLayout, QuotedFieldsAndCurrencySigns) {
  const CsvSeries series = read_one(
      "\"Date\",\"Close/Last\",\"Volume\",\"Open\",\"High\",\"Low\"\n"
      "\"01/31/2024\",\"$101\",\"1.5M\",\"$100\",\"$1,004.5\",\"$96\"\n"
      "\"01/30/2024\",\"$102\",\"2,000\",\"$101\",\"$103\",\"$99\"\n");
  EXPECT_EQ(first_bar(series), "2024-01-30 101 103 99 102 2000");
  EXPECT_EQ(last_bar(series), "2024-01-31 100 1004.5 96 101 1500000");
}

TEST(CsvLayout, AFormatThatTheFileHasNotIsRefused) {
  CsvOptions options;
  options.format = "binance";
  EXPECT_EQ(refusal("Date,Open,High,Low,Close\n2024-01-02,1,1,1,1\n", options),
            "prices.csv: has the layout generic, not binance as --format says; leave --format out");
  options.format = "yaho";
  EXPECT_THAT(refusal("Date,Open,High,Low,Close\n2024-01-02,1,1,1,1\n", options),
              HasSubstr("--format yaho is no layout (did you mean yahoo?)"));
  options.format = "auto";
  EXPECT_EQ(read_one("Date,Open,High,Low,Close\n2024-01-02,1,1,1,1\n2024-01-03,1,1,1,1\n", options)
                .bars.size(),
            2u);
}

TEST(CsvLayout, AScaleIsAboveZero) {
  CsvOptions options;
  for (const double scale : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
    options.scale = scale;
    EXPECT_THAT(refusal("Date,Open,High,Low,Close\n2024-01-02,1,1,1,1\n", options),
                HasSubstr("--scale is"));
  }
}

TEST(CsvLayout, EveryLayoutHasANameAndOneLine) {
  EXPECT_EQ(csv_layouts().size(), 7u);
  for (const CsvLayout& layout : csv_layouts()) {
    EXPECT_FALSE(layout.name.empty());
    EXPECT_EQ(layout.description.find('\n'), std::string_view::npos);
  }
}

}  // namespace
}  // namespace runledger
