#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <runledger/base/time.hpp>
#include <runledger/cli/run_columns.hpp>
#include <runledger/cli/run_view.hpp>

namespace runledger::cli {
namespace {

using nlohmann::json;
using testing::HasSubstr;

app::RunDetail completed() {
  app::RunDetail run;
  run.id = Seq(41);
  run.kind = "backtest";
  run.status = "completed";
  run.ticker = "AAPL";
  run.interval = "1d";
  run.strategy = "sma_cross";
  run.parameters = {{"fast", std::int64_t{10}}, {"ratio", 0.1}, {"both", true}};
  run.start_date = parse_time("2020-01-02")->time;
  run.end_date = parse_time("2020-12-31")->time;
  run.cash = 10'000;
  run.size = "cash_pct:95";
  run.commission = "0";
  run.account = "standard";
  run.sharpe_ratio = std::nan("");
  run.pnl = 0.1 + 0.2;
  run.metrics = {{"pnl", "PnL", "$", 0.1 + 0.2, ""},
                 {"sharpe_ratio", "Sharpe Ratio", "", std::nan(""), "no trades"}};
  return run;
}

app::RunDetail failed() {
  app::RunDetail run = completed();
  run.status = "failed";
  run.metrics.clear();
  run.failure = app::FailureDetail{};
  run.failure->reason = "crashed";
  run.failure->message = "SIGSEGV in SmaCross::on_bar at bar 1234 (2009-03-02)";
  run.failure->frames = {"SmaCross::on_bar(Step const&)", "run_strategy"};
  run.failure->log = "first\nlast \x1b[31m words\n";
  run.failure->log_dropped = 2'000;
  return run;
}

TEST(RunJson, KeepsDoublesBitForBitAndUndefinedFiguresNull) {
  const json read = json::parse(run_json(completed()).text());
  EXPECT_EQ(read.at("pnl").get<double>(), 0.1 + 0.2);
  EXPECT_EQ(read.at("sharpe_ratio"), nullptr);
  EXPECT_EQ(read.at("metrics").at("sharpe_ratio"), nullptr);
  EXPECT_EQ(read.at("metrics_undefined").at("sharpe_ratio"), "no trades");
  EXPECT_EQ(read.at("parameters"), json({{"fast", 10}, {"ratio", 0.1}, {"both", true}}));
  EXPECT_EQ(read.at("parent"), nullptr);
}

TEST(RunJson, OfAFailedRunHasItsFailureAndNoFigures) {
  const json read = json::parse(run_json(failed()).text());
  EXPECT_EQ(read.at("pnl"), nullptr);
  EXPECT_EQ(read.at("total_trades"), nullptr);
  EXPECT_EQ(read.at("failure").at("reason"), "crashed");
  EXPECT_EQ(read.at("failure").at("frames").size(), 2U);
}

TEST(RunSummary, SaysWhatRanOnWhatAndWhatCameOut) {
  const std::string text = run_summary(completed(), {.utf8 = true});
  EXPECT_THAT(text, HasSubstr("run 41  sma_cross on AAPL 1d, 2020-01-02 to 2020-12-31\n"));
  EXPECT_THAT(text, HasSubstr("fast=10 ratio=0.1 both=true"));
  EXPECT_THAT(text, HasSubstr("PnL [$]"));
  EXPECT_THAT(text, HasSubstr("n/a"));
}

TEST(RunSummary, OfAFailureShowsReasonFramesAndLog) {
  const std::string text = run_summary(failed(), {.utf8 = true});
  EXPECT_THAT(text, HasSubstr("failed: SIGSEGV in SmaCross::on_bar at bar 1234 (2009-03-02)\n"
                              "    #0 SmaCross::on_bar(Step const&)\n"
                              "    #1 run_strategy\n"));
  EXPECT_THAT(text, HasSubstr("the last of its log (2.0 kB more before it):\n"
                              "    first\n"
                              "    last \\x1b[31m words\n"));
}

TEST(RunReport, SaysWhyAFigureIsUndefined) {
  EXPECT_THAT(run_report(completed(), {}), HasSubstr("Sharpe Ratio  n/a (no trades)"));
}

TEST(RunReport, TellsLineageAndRetraction) {
  app::RunDetail run = completed();
  run.parent = Seq(7);
  run.overrides = {{"fast", "5", "10"}, {"note", "", "x"}};
  run.retracted =
      app::RetractionDetail{Seq(50), parse_time("2026-01-02")->time, "me@here", "wrong"};
  const std::string text = run_report(run, {});
  EXPECT_THAT(text, HasSubstr("replay of 7: fast 5 -> 10, note none -> x"));
  EXPECT_THAT(text, HasSubstr("retracted on 2026-01-02 by me@here: wrong"));
}

TEST(RunColumns, AreChosenByNameInTheOrderGiven) {
  const auto columns = choose_columns("return_pct, id");
  ASSERT_TRUE(columns);
  EXPECT_EQ(columns->at(0)->name, "return_pct");
  EXPECT_EQ(columns->at(1)->name, "id");
}

TEST(RunColumns, RefuseUnknownDoubleAndEmptyNames) {
  EXPECT_THAT(choose_columns("retrun_pct").error().message, HasSubstr("did you mean return_pct?"));
  EXPECT_THAT(choose_columns("id,id").error().message, HasSubstr("twice"));
  EXPECT_FALSE(choose_columns(""));
}

TEST(RunColumns, GiveAFailedRunNoFigures) {
  app::RunRow row;
  row.group = app::RunGroup::failed;
  row.interval = "1d";
  for (const RunColumn& column : run_columns()) {
    if (column.name != "pnl") continue;
    EXPECT_EQ(column.value(row).text(), "null");
    EXPECT_EQ(column.cell(row).text, "-");
  }
}

}  // namespace
}  // namespace runledger::cli
