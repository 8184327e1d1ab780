// Every real price file of the shared folder: what comes out of it, or the sentence that refuses
// it.
#include <filesystem>
#include <set>

#include <gtest/gtest.h>

#include "csv_support.hpp"
#include "shared_folder.hpp"

namespace runledger {
namespace {

struct ImportedFile {
  const char* path;
  std::size_t rows;
  const char* interval;
  const char* layout;
  const char* first;
  const char* last;
};

constexpr ImportedFile kImported[] = {
    {"backtesting_py/BTCUSD.csv", 156, "1mo", "generic",
     "2012-01-31 4.58 7.38 3.8 5.55 2012.25343589",
     "2024-12-31 96515 108364 92092 93381 25342.80228337"},
    {"backtesting_py/EURUSD.csv", 5000, "1h", "generic",
     "2017-04-19T09:00:00Z 1.0716 1.0722 1.07083 1.07219 1413",
     "2018-02-07T15:00:00Z 1.23427 1.23444 1.22904 1.22904 6143"},
    {"backtesting_py/GOOG.csv", 2148, "1d", "generic",
     "2004-08-19 100 104.06 95.96 100.34 22351900",
     "2013-03-01 797.8 807.14 796.15 806.19 2175400"},
    {"backtrader/2006-day-001.txt", 255, "1d", "generic",
     "2006-01-02 3578.73 3605.95 3578.73 3604.33 0",
     "2006-12-29 4130.12 4142.01 4119.94 4119.94 0"},
    {"backtrader/2006-min-005.txt", 2142, "5m", "generic",
     "2006-01-02T09:05:00Z 3578.73 3587.88 3578.73 3582.99 0",
     "2006-01-30T17:30:00Z 3679.29 3679.4 3676.31 3677.52 0"},
    {"backtrader/2006-volume-day-001.txt", 255, "1d", "generic",
     "2006-01-02 3602 3624 3596 3617 164794", "2006-12-29 4157 4167 4145 4157 205816"},
    {"backtrader/nvda-1999-2014.csv", 4012, "1d", "generic",
     "1999-01-22 1.75 1.953125 1.552083 1.640625 67867200",
     "2014-12-31 20.4 20.51 19.99 20.049999 4157500"},
    {"backtrader/orcl-2003-2014.csv", 3021, "1d", "generic",
     "2003-01-02 10.94 11.25 10.8 11.21 32064900",
     "2014-12-31 45.450001 45.560001 44.970001 44.970001 13269200"},
    {"backtrader/yhoo-1996-2014.csv", 4713, "1d", "generic",
     "1996-04-12 1.052083 1.791667 1.020833 1.375 408720000",
     "2014-12-31 51.540001 51.68 50.459999 50.509998 9305000"},
    {"backtrader/yhoo-2003-2005.txt", 756, "1d", "yahoo", "2003-01-02 8.295 8.83 8.25 8.8 19640400",
     "2005-12-30 39.400002 39.560001 39.049999 39.18 12233000"},
    {"lean/crypto_binance_hour_btcusdt_trade.csv", 120, "1h", "lean",
     "2018-05-01 9246.01 9248.99 8934.44 8955.01 5263.799551",
     "2018-05-05T23:00:00Z 9849.84 9888.88 9832 9864 711.450495"},
    {"lean/crypto_coinbase_daily_btcusd_trade.csv", 1318, "1d", "lean",
     "2014-12-01 300 370 300 370 0.05655554",
     "2018-08-13 6316 6544.99 6139.57 6253.67 10178.43146644"},
    {"lean/equity_usa_daily_spy.csv", 5849, "1d", "lean",
     "1998-01-02 97.31 97.53 96.53 97.36 2150000", "2021-03-31 395.35 398 395.33 396.33 90673494"},
    {"lean/equity_usa_minute_20131007_spy_trade.csv", 828, "1m", "lean",
     "2013-10-07T08:00:00Z 167.41 167.41 167.25 167.27 3197",
     "2013-10-07T23:59:00Z 167.26 167.3 167.26 167.3 800"},
    {"misc/alpha_vantage_intraday_extended.csv", 11190, "1m", "alpha-vantage",
     "2020-11-23T04:01:00Z 211.5 211.5 211.5 211.5 162",
     "2020-12-18T20:00:00Z 218.79 218.79 218.75 218.75 1102"},
    {"nautilus/6EH4.XCME_1min_bars_20240101_20240131.csv.gz", 29996, "1m", "generic",
     "2024-01-01T23:01:00Z 1.1076 1.10785 1.1076 1.1078 205",
     "2024-01-31T23:59:00Z 1.08225 1.0824 1.08225 1.0823 36"},
    {"nautilus/6EH4.XCME_1min_bars_semicolon.csv", 9, "1m", "generic",
     "2024-01-01T23:01:00Z 1.1076 1.10785 1.1076 1.1078 205",
     "2024-01-01T23:09:00Z 1.10745 1.1075 1.1074 1.10745 84"},
    {"nautilus/binance_klines_ADABTC-1m-2021-11-27.csv", 10, "1m", "binance",
     "2021-11-27 0.00002853 0.00002854 0.00002851 0.00002854 36304.2",
     "2021-11-27T00:09:00Z 0.00002863 0.00002865 0.00002863 0.00002865 8160.5"},
    {"zipline/csvdir_daily_AAPL.csv", 754, "1d", "generic",
     "2012-01-03 58.485714 58.92857 58.42857 58.747143 75555200",
     "2014-12-31 112.82 113.129997 110.209999 110.379997 41403400"},
};

struct RefusedFile {
  const char* path;
  const char* sentence;
};

constexpr RefusedFile kRefused[] = {
    {"backtrader/ticksample.csv",
     "ticksample.csv: its rows are 250 ms apart, so they are ticks or bars of seconds; bars of 1m "
     "to 1mo are imported"},
    {"lean/equity_usa_factor_spy.csv",
     "equity_usa_factor_spy.csv: looks like a LEAN factor file (date, price factor, split factor, "
     "reference price), which holds no bars; import the file of prices"},
    {"lean/forex_fxcm_minute_20140504_eurusd_quote.csv",
     "forex_fxcm_minute_20140504_eurusd_quote.csv: holds quotes (LEAN: time, then open, high, low, "
     "close and size of bid and ask), which are not bars; import the file of trades"},
    {"misc/stooq_SPX_close_only.csv",
     "stooq_SPX_close_only.csv: the header has no column for open, high, low, close (its columns: "
     "Date, ^SPX); a series of closes only is not bars; expected date, open, high, low, close and "
     "perhaps volume"},
    {"misc/vix-daily.csv",
     "vix-daily.csv line 535, column OPEN: 19.240000 is above HIGH 18.570000 (47 of 9235 rows are "
     "bad); mend the file, or leave such rows out with --on-bad drop"},
};

class RealFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    if (test::shared_folder().empty()) {
      GTEST_SKIP() << "no ../shared beside the repository: real price files are not checked";
    }
    folder_ = test::shared_folder() / "data" / "real";
  }
  [[nodiscard]] Result<std::vector<CsvSeries>> import(const char* path,
                                                      const CsvOptions& options = {}) const {
    RL_TRY(const CsvSource source, read_source(folder_ / path));
    return parse_csv(source, options);
  }
  std::filesystem::path folder_;
};

TEST_F(RealFiles, ComeOutAsTheirBars) {
  for (const ImportedFile& file : kImported) {
    const auto all = import(file.path);
    ASSERT_TRUE(all) << all.error().message;
    ASSERT_EQ(all->size(), 1u) << file.path;
    const CsvSeries& series = all->front();
    EXPECT_EQ(series.bars.size(), file.rows) << file.path;
    EXPECT_EQ(series.bars.interval.text(), file.interval) << file.path;
    EXPECT_EQ(series.layout, file.layout) << file.path;
    EXPECT_EQ(test::first_bar(series), file.first) << file.path;
    EXPECT_EQ(test::last_bar(series), file.last) << file.path;
  }
}

TEST_F(RealFiles, ThatHoldNoBarsAreRefusedWithTheReason) {
  for (const RefusedFile& file : kRefused) {
    const auto all = import(file.path);
    ASSERT_FALSE(all) << file.path;
    EXPECT_EQ(all.error().code, ErrorCode::invalid_input);
    EXPECT_TRUE(all.error().message.ends_with("/" + std::string(file.sentence)))
        << all.error().message << "\nexpected: " << file.sentence;
  }
}

TEST_F(RealFiles, VixComesOutWithoutItsBadRows) {
  CsvOptions options;
  options.on_bad = OnBad::drop;
  const auto all = import("misc/vix-daily.csv", options);
  ASSERT_TRUE(all) << all.error().message;
  const CsvSeries& series = all->front();
  EXPECT_EQ(series.bars.size(), 9235u - 47);
  EXPECT_EQ(series.dropped, 47u);
  EXPECT_EQ(series.bad_rows.size(), 47u);
  EXPECT_FALSE(series.has_volume);
  EXPECT_EQ(test::first_bar(series), "1990-01-02 17.24 17.24 17.24 17.24 NaN");
}

TEST_F(RealFiles, AreAllInOneOfTheTables) {
  std::set<std::string> known;
  for (const ImportedFile& file : kImported) known.insert(file.path);
  for (const RefusedFile& file : kRefused) known.insert(file.path);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
    const std::string path = std::filesystem::relative(entry.path(), folder_).string();
    if (entry.is_regular_file() && entry.path().extension() != ".md") {
      EXPECT_TRUE(known.contains(path)) << path;
    }
  }
}

}  // namespace
}  // namespace runledger
