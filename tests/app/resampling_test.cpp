// Runs on bars that are made from shorter ones.
#include <algorithm>

#include <runledger/app/datasets.hpp>
#include <runledger/app/maintenance.hpp>
#include <runledger/app/sweep.hpp>
#include <runledger/base/time.hpp>
#include <runledger/market/resample.hpp>

#include "workbench.hpp"

namespace runledger::app {
namespace {

constexpr Interval kWeek{1, IntervalUnit::week};

std::string csv_of(const Bars& bars) {
  std::string text = "Date,Open,High,Low,Close,Volume\n";
  for (std::size_t i = 0; i < bars.size(); ++i)
    text += format_date(bars.label[i]) + ',' + std::to_string(bars.open[i]) + ',' +
            std::to_string(bars.high[i]) + ',' + std::to_string(bars.low[i]) + ',' +
            std::to_string(bars.close[i]) + ',' + std::to_string(bars.volume[i]) + '\n';
  return text;
}

class Resampling : public test::Workbench {
 protected:
  // 1,500 days as ACME, and the weeks that they make up as WEEKS.
  Resampling() {
    days_ = make_sample({.bars = 1500})->bars;
    while ((days_.label.back() / kDayNs + 3) % 7 != 4) days_.truncate(days_.size() - 1);  // Friday
    import(write_file("ACME.csv", csv_of(days_)));
    import(write_file("WEEKS.csv", csv_of(resample(days_, kWeek).value())), weekly());
  }
  [[nodiscard]] static ImportRequest weekly() {
    return test::with(&ImportRequest::interval, std::optional<std::string>("1w"));
  }
  [[nodiscard]] static RunOptions on(const std::string& ticker, const std::string& interval) {
    RunOptions asked = options(ticker);
    asked.interval = interval;
    asked.parameters = {"fast=3", "slow=8"};
    return asked;
  }
  [[nodiscard]] Error refusal(const RunOptions& options) const {
    const auto receipt = backtest(context_, options);
    return receipt ? Error{ErrorCode::internal, "it was recorded"} : receipt.error();
  }
  Bars days_;
};

TEST_F(Resampling, GivesTheResultOfTheBarsThatItMakes) {
  const RunDetail made = run(on("ACME", "1w"));
  EXPECT_EQ(notices_.back(), "1w bars of ACME are made from its 1d bars");
  EXPECT_EQ(made.interval, "1w");
  EXPECT_EQ(made.resampled_from, "1d");
  EXPECT_GT(made.total_trades, 0U);
  const RunDetail stored = run(on("WEEKS", "1w"));
  EXPECT_FALSE(stored.resampled_from);
  EXPECT_EQ(made.result_digest, stored.result_digest);
  EXPECT_EQ(made.start_date, stored.start_date);
  EXPECT_EQ(made.bars, stored.bars);
  EXPECT_NE(made.dataset_digest, stored.dataset_digest);
  EXPECT_EQ(made.dataset_digest, list_datasets(context_, false)->at(0).digest);
}

TEST_F(Resampling, IsRepeatedFromTheLedgerAlone) {
  const RunDetail made = run(on("ACME", "1w"));
  const auto evidence = recompute(context_, made.id, {});
  ASSERT_TRUE(evidence) << evidence.error().message;
  EXPECT_EQ(evidence->time.size(), made.bars);
  EXPECT_EQ(evidence->time.front(), made.start_date);
  const auto again = replay(test::with(&ReplayOptions::run, std::to_string(made.id.value)));
  EXPECT_EQ(again.result_digest, made.result_digest);
  EXPECT_EQ(again.resampled_from, "1d");
  EXPECT_TRUE(again.overrides.empty());
  const auto report = verify(context_);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->findings.empty());
}

TEST_F(Resampling, IsNotDoneWhenTheBarsAreStored) {
  (void)run(on("ACME", "1w"));
  import(write_file("ACME.csv", csv_of(resample(days_, kWeek).value())), weekly());
  notices_.clear();
  const RunDetail stored = run(on("ACME", "1w"));
  EXPECT_FALSE(stored.resampled_from);
  EXPECT_TRUE(notices_.empty());
  EXPECT_FALSE(run(options("ACME")).resampled_from);  // 1d, as ever
  EXPECT_EQ(run(options("ACME")).interval, "1d");
}

TEST_F(Resampling, LeavesOutALastBarThatIsNotWhole) {
  const RunDetail whole = run(on("ACME", "1w"));
  days_.truncate(days_.size() - 1);  // until Thursday
  import(write_file("ACME.csv", csv_of(days_)));
  const RunDetail cut = run(on("ACME", "1w"));
  EXPECT_EQ(cut.bars, whole.bars - 1);
  EXPECT_EQ(notices_.back(), "1w bars of ACME are made from its 1d bars; the one of " +
                                 format_date(*whole.end_date) +
                                 " is left out, for they end before it does");
  const auto evidence = recompute(context_, cut.id, {});
  ASSERT_TRUE(evidence) << evidence.error().message;
  EXPECT_EQ(evidence->time.size(), cut.bars);
}

TEST_F(Resampling, TakesTheLongestThatFits) {
  Sample minutes =
      make_sample({.bars = 4000, .interval = {1, IntervalUnit::minute}, .first_price = 50}).value();
  const auto text = [&](const Bars& bars) {
    std::string rows = "Datetime,Open,High,Low,Close,Volume\n";
    for (std::size_t i = 0; i < bars.size(); ++i)
      rows += format_time(bars.label[i]) + ',' + std::to_string(bars.open[i]) + ',' +
              std::to_string(bars.high[i]) + ',' + std::to_string(bars.low[i]) + ',' +
              std::to_string(bars.close[i]) + ',' + std::to_string(bars.volume[i]) + '\n';
    return rows;
  };
  import(write_file("FINE.csv", text(minutes.bars)));
  import(write_file("FINE.csv", text(resample(minutes.bars, {5, IntervalUnit::minute}).value())));
  EXPECT_EQ(run(on("FINE", "15m")).resampled_from, "5m");
  EXPECT_EQ(run(on("FINE", "3m")).resampled_from, "1m");
  EXPECT_EQ(run(on("FINE", "1d")).resampled_from, "5m");
}

TEST_F(Resampling, RefusesShorterBarsThanAreStored) {
  const Error error = refusal(on("ACME", "1h"));
  EXPECT_EQ(error.code, ErrorCode::not_found);
  EXPECT_EQ(error.message,
            "there is no 1h data for ACME, and it cannot be made from what it has (1d), for bars "
            "are made from shorter ones that fill them: choose with --interval, or import it");
  EXPECT_EQ(refusal(on("WEEKS", "1mo")).code, ErrorCode::not_found);
}

TEST_F(Resampling, RefusesDataThatFillsNoBar) {
  days_.truncate(3);
  import(write_file("FEW.csv", csv_of(days_)),
         test::with(&ImportRequest::interval, std::optional<std::string>("1d")));
  EXPECT_EQ(refusal(on("FEW", "1mo")).message,
            "the 1d bars of FEW fill no bar of 1mo; they cover 2015-01-01 to 2015-01-05");
}

TEST_F(Resampling, GoesByTheDatasetThatIsNamed) {
  const std::string digest = list_datasets(context_, false)->at(0).digest.hex().substr(0, 10);
  RunOptions asked = on("ACME", "1w");
  asked.data = "ACME@" + digest;
  const RunDetail made = run(asked);
  EXPECT_EQ(made.resampled_from, "1d");
  asked.interval = "1h";
  EXPECT_EQ(refusal(asked).code, ErrorCode::invalid_input);
  // A replay on other data keeps the interval.
  ReplayOptions again;
  again.run = std::to_string(made.id.value);
  again.overrides.data = "ACME@" + digest;
  EXPECT_EQ(replay(again).interval, "1w");
  again.overrides.data.reset();
  again.overrides.interval = "1mo";
  const RunDetail monthly = replay(again);
  EXPECT_EQ(monthly.resampled_from, "1d");
  EXPECT_EQ(monthly.interval, "1mo");
}

TEST_F(Resampling, IsDoneInSweepsToo) {
  SweepOptions asked;
  asked.run = on("ACME", "1w");
  asked.run.parameters.clear();
  asked.run.ticker.reset();
  asked.tickers = {"ACME"};
  asked.parameters = {"fast=3", "slow=8,10"};
  asked.name = "weeks";
  asked.jobs = "1";
  const auto report = sweep(context_, asked);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->recorded, 2U);
  EXPECT_EQ(std::ranges::count(notices_, "1w bars of ACME are made from its 1d bars"), 1);
  const RunDetail alone = run(on("ACME", "1w"));
  RunQuery query;
  query.sweep = "weeks";
  const auto page = list_runs(context_, query);
  ASSERT_TRUE(page) << page.error().message;
  const RunDetail trial = detail(page->runs.back().id);
  EXPECT_EQ(trial.resampled_from, "1d");
  EXPECT_EQ(trial.result_digest, alone.result_digest);
}

}  // namespace
}  // namespace runledger::app
