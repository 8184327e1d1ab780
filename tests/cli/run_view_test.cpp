#include <algorithm>
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
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

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
  EXPECT_THAT(run_report(completed(), {}), ContainsRegex("Sharpe Ratio +n/a +\\(no trades\\)\n"));
}

BesideRun with_buy_and_hold() {
  BesideRun beside;
  beside.buy_and_hold = {{"sharpe_ratio", "Sharpe Ratio", "", 0.5, "", "risk"},
                         {"return_pct", "Return", "%", std::nan(""), "no bars", "result"}};
  return beside;
}

app::RunDetail measured() {
  app::RunDetail run = completed();
  run.metrics = {{"sharpe_ratio", "Sharpe Ratio", "", 1.25, "", "risk"},
                 {"max_drawdown_duration", "Max. Drawdown Duration", "s", 864'000, "", "drawdown"},
                 {"unrecovered", "Unrecovered", "", 1, "", "drawdown"},
                 {"win_rate", "Win Rate", "%", 50, "", "trades"},
                 {"metric_900", "metric_900", "", 7, "", ""}};
  return run;
}

TEST(RunReport, ShowsEachGroupWithBuyAndHoldBesideIt) {
  const std::string text = run_report(measured(), {}, with_buy_and_hold());
  EXPECT_THAT(text, ContainsRegex("\n +run +buy & hold\nrisk\n  Sharpe Ratio +1\\.25 +0\\.50\n"));
  EXPECT_THAT(text, ContainsRegex("\ntrades\n  Win Rate \\[%\\] +50\\.00\n"));
  EXPECT_THAT(text, ContainsRegex("\nother\n  metric_900 +7\\.00\n"));
  EXPECT_THAT(text, HasSubstr("buy & hold: all the cash into it at the first close"));
}

TEST(RunReport, SaysThatTheLongestDrawdownDidNotRecover) {
  const std::string text = run_report(measured(), {});
  EXPECT_THAT(text, ContainsRegex("Max. Drawdown Duration +10 days +\\(not recovered\\)\n"));
  EXPECT_THAT(text, Not(HasSubstr("Unrecovered")));
  EXPECT_THAT(text, Not(HasSubstr("buy & hold")));
}

BesideRun under_another_convention() {
  BesideRun beside;
  beside.asked = app::Figures{};
  beside.asked->convention = "backtesting.py";
  beside.asked->figures = {{"Start", "Start", "time", 86'400, "", ""},
                           {"Return [%]", "Return [%]", "%", 12.5, "", ""},
                           {"SQN", "SQN", "", std::nan(""), "fewer than two closed trades", ""}};
  return beside;
}

TEST(RunSummary, ShowsAnotherConventionInPlaceOfOurFigures) {
  const std::string text = run_summary(measured(), {}, under_another_convention());
  EXPECT_THAT(text, HasSubstr("as backtesting.py measures it, with a risk-free rate of 0"));
  EXPECT_THAT(text, ContainsRegex("  Start +1970-01-02\n  Return \\[%\\] +12\\.5\n"));
  EXPECT_THAT(text, ContainsRegex("  SQN +n/a +\\(fewer than two closed trades\\)\n"));
  EXPECT_THAT(text, Not(HasSubstr("Sharpe Ratio")));
}

TEST(RunReport, SaysUnderWhichRatesFiguresAreMeasured) {
  BesideRun beside = with_buy_and_hold();
  beside.asked = app::Figures{};
  beside.asked->risk_free_rate = 0.03;
  beside.asked->minimum_return = 0.05;
  beside.asked->periods_per_year = 252;
  beside.asked->figures = {{"sharpe_ratio", "Sharpe Ratio", "", 0.75, "", "risk"}};
  const std::string text = run_report(measured(), {}, beside);
  EXPECT_THAT(text, ContainsRegex("Sharpe Ratio +0\\.75 +0\\.50\n"));
  EXPECT_THAT(text,
              HasSubstr("figures with a risk-free rate of 0.03 and a minimum return of 0.05 a "
                        "year, 252 periods a year; recorded are those with 0\n"));
}

TEST(RunJson, HasBuyAndHoldAndWhatWasAskedFor) {
  BesideRun beside = under_another_convention();
  beside.buy_and_hold = with_buy_and_hold().buy_and_hold;
  const json read = json::parse(run_json(measured(), beside).text());
  EXPECT_EQ(read.at("metrics").at("sharpe_ratio"), 1.25);
  EXPECT_EQ(read.at("buy_and_hold"), json({{"sharpe_ratio", 0.5}, {"return_pct", nullptr}}));
  EXPECT_EQ(read.at("buy_and_hold_undefined"), json({{"return_pct", "no bars"}}));
  const json& compat = read.at("metrics_compat");
  EXPECT_EQ(compat.at("convention"), "backtesting.py");
  EXPECT_EQ(compat.at("metrics"),
            json({{"Start", "1970-01-02"}, {"Return [%]", 12.5}, {"SQN", nullptr}}));
  EXPECT_EQ(compat.at("metrics_undefined"), json({{"SQN", "fewer than two closed trades"}}));
  EXPECT_FALSE(read.contains("metrics_asked"));
  EXPECT_EQ(json::parse(run_json(failed()).text()).at("buy_and_hold"), nullptr);
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

TEST(RunColumns, ShowEveryFigureThatRunsRecordAndOnlyWhenAskedFor) {
  const auto columns = choose_columns("id,ulcer_index");
  ASSERT_TRUE(columns) << columns.error().message;
  const RunColumn& ulcer = *columns->back();
  EXPECT_TRUE(ulcer.recorded);
  EXPECT_FALSE(ulcer.usual);
  EXPECT_EQ(ulcer.column.head, "ulcer index [%]");
  const auto names = app::figure_names();
  const auto place = std::ranges::find(names, "ulcer_index", &app::FigureName::name);
  app::RunRow row;
  row.figures.assign(names.size(), std::nan(""));
  EXPECT_EQ(ulcer.value(row).text(), "null");
  EXPECT_EQ(ulcer.cell(row).text, "n/a");
  row.figures[static_cast<std::size_t>(place - names.begin())] = 12.345;
  EXPECT_EQ(ulcer.value(row).text(), "12.345");
  EXPECT_EQ(ulcer.cell(row).text, "12.35");
  row.group = app::RunGroup::failed;
  EXPECT_EQ(ulcer.cell(row).text, "-");
}

TEST(RunColumns, NameEachFigureOnce) {
  for (const app::FigureName& figure : app::figure_names())
    EXPECT_EQ(std::ranges::count(run_columns(), figure.name, &RunColumn::name), 1) << figure.name;
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
