// Applying columns of a file to its prices.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <runledger/market/dataset.hpp>

#include "csv_support.hpp"
#include "shared_folder.hpp"

namespace runledger {
namespace {

using test::bar_text;
using test::read_one;
using test::refusal;

CsvOptions applying(CsvApply apply) {
  CsvOptions options;
  options.apply = apply;
  return options;
}
const CsvOptions kAdjustedClose = applying({.adjusted_close = true});
const CsvOptions kSplits = applying({.splits = true});
const CsvOptions kDividends = applying({.dividends = true});
const CsvOptions kBoth = applying({.splits = true, .dividends = true});

constexpr std::string_view kYahoo =
    "Date,Open,High,Low,Close,Adj Close,Volume\n"
    "2024-01-02,100,110,90,100,50,1000\n"
    "2024-01-03,100,100,100,100,100,2000\n";

TEST(CsvApply, AdjustedCloseScalesPricesAndLeavesVolume) {
  const CsvSeries series = read_one(kYahoo, kAdjustedClose);
  EXPECT_EQ(bar_text(series.bars, 0), "2024-01-02 50 55 45 50 1000");
  EXPECT_EQ(bar_text(series.bars, 1), "2024-01-03 100 100 100 100 2000");
  ASSERT_EQ(series.applied.size(), 1u);
  EXPECT_EQ(series.applied[0].column, "Adj Close");
  EXPECT_EQ(series.applied[0].count, 1u);
  EXPECT_FALSE(series.adjusted_close_differs);
}

TEST(CsvApply, NothingIsAppliedUnasked) {
  const CsvSeries series = read_one(kYahoo);
  EXPECT_EQ(bar_text(series.bars, 0), "2024-01-02 100 110 90 100 1000");
  EXPECT_TRUE(series.applied.empty());
  EXPECT_TRUE(series.adjusted_close_differs);
}

constexpr std::string_view kRaw =
    "Date,Open,High,Low,Close,Volume,Dividends,Stock Splits\n"
    "2024-01-02,400,410,390,400,1000,0,0\n"
    "2024-01-03,404,404,380,400,1000,4,0\n"
    "2024-01-04,100,101,99,100,4000,0,4\n"
    "2024-01-05,98,99,97,98,4000,2,1\n";

TEST(CsvApply, SplitsDividePricesAndMultiplyVolumeBeforeTheirDay) {
  const CsvSeries series = read_one(kRaw, kSplits);
  EXPECT_EQ(bar_text(series.bars, 0), "2024-01-02 100 102.5 97.5 100 4000");
  EXPECT_EQ(bar_text(series.bars, 1), "2024-01-03 101 101 95 100 4000");
  EXPECT_EQ(bar_text(series.bars, 2), "2024-01-04 100 101 99 100 4000");
  EXPECT_EQ(series.applied.at(0).count, 1u);
}

TEST(CsvApply, DividendsTakeTheirShareOfTheCloseBefore) {
  const CsvSeries series = read_one(kRaw, kBoth);
  const double last = 1 - 2.0 / 100;  // of the split shares
  const double before = last * (1.0 / 4) * (1 - 4.0 / 400);
  EXPECT_EQ(series.bars.close[3], 98);
  EXPECT_EQ(series.bars.close[2], 100 * last);
  EXPECT_EQ(series.bars.close[1], 400 * (last / 4));
  EXPECT_DOUBLE_EQ(series.bars.close[0], 400 * before);
  EXPECT_EQ(series.bars.volume, (std::vector<double>{4000, 4000, 4000, 4000}));
  EXPECT_EQ(series.applied.at(0).count, 1u);
  EXPECT_EQ(series.applied.at(1).count, 2u);
}

TEST(CsvApply, ADividendOnTheDayOfASplitIsOfTheNewShares) {
  const CsvSeries series = read_one(
      "Date,Open,High,Low,Close,Dividends,Stock Splits\n"
      "2024-01-02,200,200,200,200,0,0\n"
      "2024-01-03,100,100,100,100,1,2\n",
      kBoth);
  EXPECT_DOUBLE_EQ(series.bars.close[0], 100 * (1 - 1.0 / 100));
}

TEST(CsvApply, ReadsAlphaVantagesColumnsNewestFirst) {
  const CsvSeries series = read_one(
      "timestamp,open,high,low,close,adjusted_close,volume,dividend_amount,split_coefficient\n"
      "2024-01-05,98,99,97,98,98,4000,2.0000,1.0\n"
      "2024-01-04,100,101,99,100,98,4000,0.0000,4.0\n"
      "2024-01-03,404,404,380,400,98,1000,4.0000,1.0\n",
      kBoth);
  EXPECT_EQ(series.layout, "alpha-vantage");
  EXPECT_EQ(series.bars.close[1], 98);
  EXPECT_EQ(series.bars.close[0], 98);
  EXPECT_EQ(series.applied.at(0).column, "split_coefficient");
}

TEST(CsvApply, RefusesAColumnThatIsNotThere) {
  EXPECT_EQ(refusal("Date,Open,High,Low,Close\n2024-01-02,1,1,1,1\n", kAdjustedClose),
            "prices.csv: has no column of adjusted closes, such as Adj Close, which --apply "
            "adjclose needs (its columns: Date, Open, High, Low, Close)");
  EXPECT_NE(refusal(kYahoo, kSplits).find("no column of splits"), std::string::npos);
  EXPECT_NE(refusal(kYahoo, kDividends).find("no column of dividends"), std::string::npos);
  EXPECT_NE(refusal("2024-01-02,1,2,1,1\n2024-01-03,1,2,1,1\n", kSplits).find("no column of"),
            std::string::npos);
}

TEST(CsvApply, RefusesWhatIsNoRatioOrDividendWithItsLine) {
  const auto with = [](const char* dividend, const char* split) {
    return std::string(
               "Date,Open,High,Low,Close,Dividends,Stock Splits\n"
               "2024-01-02,1,1,1,1,0,0\n2024-01-03,1,1,1,1,") +
           dividend + ',' + split + "\n2024-01-04,1,1,1,1,0,0\n";
  };
  EXPECT_NE(refusal(with("0", "-2"), kBoth)
                .find("line 3, column Stock Splits: -2 is negative (expected a ratio of a split)"),
            std::string::npos)
      << refusal(with("0", "-2"), kBoth);
  EXPECT_NE(refusal(with("0", "4:1"), kBoth).find("line 3, column Stock Splits: 4:1 is not a"),
            std::string::npos);
  EXPECT_EQ(refusal(with("0", "0"), kBoth), "");  // as Yahoo writes that there is none
  EXPECT_NE(refusal(with("-1", "0"), kBoth).find("line 3, column Dividends: -1 is negative"),
            std::string::npos);
  EXPECT_EQ(refusal(with("", ""), kBoth), "");
  EXPECT_EQ(refusal(with("1", "0"), kBoth),
            "prices.csv line 3, column Dividends: 1 is not below the close before it, 1");
}

TEST(CsvApply, RefusesAnAdjustedCloseThatIsNoPrice) {
  const std::string text =
      "Date,Open,High,Low,Close,Adj Close,Volume\n2024-01-02,1,1,1,1,0,5\n2024-01-03,1,1,1,1,1,5\n";
  EXPECT_NE(refusal(text, kAdjustedClose).find("line 2, column Adj Close: 0 is not a price above"),
            std::string::npos);
  CsvOptions drop = kAdjustedClose;
  drop.on_bad = OnBad::drop;
  drop.interval = Interval{1, IntervalUnit::day};
  EXPECT_EQ(read_one(text, drop).dropped, 1u);
}

TEST(CsvApply, RefusesSplitsThatAreOutOfThePricesAlready) {
  EXPECT_EQ(refusal("Date,Open,High,Low,Close,Stock Splits\n"
                    "2024-01-02,100,100,100,100,0\n"
                    "2024-01-03,101,101,101,101,4\n",
                    kSplits),
            "prices.csv line 3, column Stock Splits: a split of 4 is not seen in the prices, 100 "
            "before and 101 behind it: they are adjusted for splits already, so leave splits out "
            "of --apply");
}

TEST(CsvApply, DropsNoRowThatHasASplit) {
  CsvOptions drop = kSplits;
  drop.on_bad = OnBad::drop;
  EXPECT_EQ(refusal("Date,Open,High,Low,Close,Stock Splits\n"
                    "2024-01-02,100,100,100,100,0\n"
                    "2024-01-03,,25,25,25,4\n"
                    "2024-01-04,25,25,25,25,0\n",
                    drop),
            "prices.csv line 3, column Stock Splits: 4 is the split of a row that is no bar "
            "otherwise, and would be lost with it; mend the file");
  EXPECT_EQ(refusal("Date,Open,High,Low,Close,Stock Splits\n"
                    "2024-01-02,100,100,100,100,0\n"
                    "2024-01-03,25,25,25,25,4:1\n"
                    "2024-01-04,25,25,25,25,0\n",
                    drop),
            "prices.csv line 3, column Stock Splits: 4:1 is not a ratio of a split; mend the file");
}

// ---- Against the definition -------------------------------------------------------------------

// What a vendor writes who knows all that came later: the product of its factors, day by day.
struct Vendor {
  std::vector<double> close, dividend, split;

  [[nodiscard]] double adjusted_close(std::size_t day) const {
    double factor = 1;
    for (std::size_t later = day + 1; later < close.size(); ++later) {
      factor *= 1 - dividend[later] / (close[later - 1] / split[later]);
      factor /= split[later];
    }
    return close[day] * factor;
  }
  [[nodiscard]] std::string text() const {
    std::string text = "Date,Open,High,Low,Close,Adj Close,Volume,Dividends,Stock Splits\n";
    for (std::size_t day = 0; day < close.size(); ++day)
      text += format_date(static_cast<TimeNs>(day) * kDayNs) + ',' + format_double(close[day]) +
              ',' + format_double(close[day] * 1.01) + ',' + format_double(close[day] * 0.99) +
              ',' + format_double(close[day]) + ',' + format_double(adjusted_close(day)) +
              ",1000," + format_double(dividend[day]) + ',' + format_double(split[day]) + '\n';
    return text;
  }
};

RC_GTEST_PROP(CsvApply, SplitsAndDividendsGiveTheAdjustedClose, ()) {
  Vendor vendor;
  double price = *rc::gen::inRange(100, 1000) * 0.5;
  const auto days = *rc::gen::inRange<std::size_t>(2, 120);
  for (std::size_t day = 0; day < days; ++day) {
    const double split = *rc::gen::inRange(0, 20) == 0 ? *rc::gen::element(2.0, 4.0, 0.25) : 1;
    price = price / split * (1 + *rc::gen::inRange(-30, 31) * 0.001);
    vendor.close.push_back(price);
    vendor.split.push_back(split);
    vendor.dividend.push_back(*rc::gen::inRange(0, 10) == 0 ? price * 0.01 : 0);
  }
  const CsvSeries own = read_one(vendor.text(), kBoth);
  const CsvSeries theirs = read_one(vendor.text(), kAdjustedClose);
  RC_ASSERT(own.bars.size() == days);
  for (std::size_t day = 0; day < days; ++day) {
    RC_ASSERT(std::abs(own.bars.close[day] / theirs.bars.close[day] - 1) < 1e-12);
    RC_ASSERT(std::abs(own.bars.high[day] / theirs.bars.high[day] - 1) < 1e-12);
    RC_ASSERT(theirs.bars.close[day] == vendor.adjusted_close(day));
  }
  for (const CsvSeries* series : {&own, &theirs}) {
    Bars read;
    RC_ASSERT(append_rows(encode_rows(series->bars, {0, days}), read).has_value());
  }
}

// ---- Real files -------------------------------------------------------------------------------

TEST(CsvApply, AppliesTheDividendsOfARealFile) {
  const auto folder = test::shared_folder();
  if (folder.empty()) GTEST_SKIP() << "the folder of real price files is not there";
  const auto source = read_source(folder / "data/real/zipline/csvdir_daily_AAPL.csv");
  ASSERT_TRUE(source) << source.error().message;
  const auto all = parse_csv(*source, kDividends);
  ASSERT_TRUE(all) << all.error().message;
  const CsvSeries& series = all->front();
  EXPECT_EQ(series.applied.at(0).count, 10u);
  const auto plain = parse_csv(*source, {});
  const Bars& bars = series.bars;
  const Bars& raw = plain->front().bars;
  // The last dividend is of 0.47, on the day after a close of 108.86.
  const std::size_t last = raw.size() - 1;
  EXPECT_EQ(bars.close[last], raw.close[last]);
  const auto ex_day = std::ranges::find(raw.label, test::at("2014-11-06")) - raw.label.begin();
  const auto before = static_cast<std::size_t>(ex_day) - 1;
  EXPECT_EQ(bars.close[before], raw.close[before] * (1 - 0.47 / raw.close[before]));
  // Total return is price return with dividends put back.
  double value = raw.close[0];
  for (std::size_t i = 1; i < raw.size(); ++i) {
    const bool paid = bars.close[i] / bars.close[i - 1] > raw.close[i] / raw.close[i - 1] * 1.0001;
    value *= paid ? bars.close[i] / bars.close[i - 1] : raw.close[i] / raw.close[i - 1];
  }
  EXPECT_NEAR(value / raw.close[0], bars.close[last] / bars.close[0], 1e-9);
}

}  // namespace
}  // namespace runledger
