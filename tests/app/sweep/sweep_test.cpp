// Sweeps as a whole: what is recorded, and what is told of it.
#include <algorithm>
#include <atomic>
#include <limits>

#include <gmock/gmock.h>

#include <runledger/app/maintenance.hpp>
#include <runledger/app/sweep.hpp>

#include "../workbench.hpp"

namespace runledger::app {
namespace {

using test::Workbench;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

class Sweeps : public Workbench {
 protected:
  Sweeps() {
    import(write_prices("ACME.csv", 400));
    options_.run.strategy = "sma_cross";
    options_.tickers = {"ACME"};
    options_.parameters = {"fast=2:8:2", "slow=10,20"};
    options_.jobs = "2";
    options_.name = "first";
  }

  SweepReport swept() const {
    auto report = sweep(context_, options_);
    if (!report) throw std::runtime_error(report.error().message);
    return std::move(*report);
  }
  [[nodiscard]] std::string refusal() const {
    const auto report = sweep(context_, options_);
    return report ? "" : report.error().message;
  }
  [[nodiscard]] std::vector<RunRow> trials(const std::string& id) const {
    RunQuery query;
    query.sweep = id;
    query.all = true;
    query.limit = kRunsAtOnceMax;
    auto page = list_runs(context_, query);
    if (!page) throw std::runtime_error(page.error().message);
    return std::move(page->runs);
  }
  void resume() { options_.resume = std::exchange(options_.name, std::nullopt); }

  SweepOptions options_;
};

TEST_F(Sweeps, EveryTrialIsARecordedRunOfTheSweep) {
  const SweepReport report = swept();
  EXPECT_EQ(report.trials, 8U);
  EXPECT_EQ(report.recorded, 8U);
  EXPECT_EQ(report.failed, 0U);
  EXPECT_EQ(report.refused, 0U);
  const auto rows = trials("first");
  ASSERT_EQ(rows.size(), 8U);
  for (const RunRow& row : rows) {
    const RunDetail run = detail(row.id);
    EXPECT_EQ(run.kind, "sweep");
    EXPECT_EQ(run.sweep, "first");
    EXPECT_EQ(run.status, "completed");
    EXPECT_EQ(run.parameters.size(), 3U);
    EXPECT_TRUE(run.runtime_digest.has_value());
    EXPECT_FALSE(run.kernel.empty());
  }
  EXPECT_TRUE(verify(context_)->ok);
}

TEST_F(Sweeps, ATrialIsTheSameAsAlone) {
  options_.run.commission = "0.001";
  const SweepReport report = swept();
  RunOptions alone = options("ACME");
  alone.commission = "0.001";
  alone.parameters = {"fast=4", "slow=20"};
  const RunDetail single = run(alone);
  const auto trial =
      std::ranges::find(report.top, std::vector<std::string>{"4", "20"}, &SweepTrial::values);
  ASSERT_NE(trial, report.top.end());
  const RunDetail swept = detail(trial->id);
  EXPECT_EQ(swept.result_digest, single.result_digest);
  EXPECT_EQ(swept.decision_digest, single.decision_digest);
  EXPECT_EQ(swept.plugin_digest, single.plugin_digest);
  EXPECT_EQ(swept.dataset_digest, single.dataset_digest);
  EXPECT_EQ(swept.runtime_digest, single.runtime_digest);
  EXPECT_EQ(swept.rules_version, single.rules_version);
  EXPECT_EQ(swept.commission, single.commission);
  EXPECT_EQ(swept.size, single.size);
  EXPECT_EQ(swept.bars, single.bars);
  ASSERT_EQ(swept.metrics.size(), single.metrics.size());
  for (std::size_t i = 0; i < single.metrics.size(); ++i) {
    EXPECT_EQ(swept.metrics[i].name, single.metrics[i].name);
    EXPECT_EQ(swept.metrics[i].undefined, single.metrics[i].undefined);
    if (single.metrics[i].undefined.empty()) {
      EXPECT_EQ(swept.metrics[i].value, single.metrics[i].value);
    }
  }
}

TEST_F(Sweeps, AReplayOfATrialFindsEverythingItNeeds) {
  const SweepReport report = swept();
  ReplayOptions again;
  again.run = std::to_string(report.top.front().id.value);
  EXPECT_EQ(replay(again).result_digest, detail(report.top.front().id).result_digest);
}

TEST_F(Sweeps, TheBestComeFirst) {
  options_.objective = "return_pct";
  options_.top = 3;
  const SweepReport most = swept();
  ASSERT_EQ(most.top.size(), 3U);
  EXPECT_GE(most.top[0].objective, most.top[1].objective);
  EXPECT_GE(most.top[1].objective, most.top[2].objective);
  EXPECT_EQ(most.top[0].objective, detail(most.top[0].id).return_pct);
  options_.name = "second";
  options_.minimize = true;
  const SweepReport least = swept();
  EXPECT_LE(least.top[0].objective, least.top[1].objective);
  EXPECT_LT(least.top[0].objective, most.top[0].objective);
}

TEST_F(Sweeps, TheHeatmapHasTheBestOfEachPair) {
  const SweepReport report = swept();
  ASSERT_TRUE(report.heatmap.has_value());
  EXPECT_EQ(report.heatmap->y, "fast");
  EXPECT_EQ(report.heatmap->x, "slow");
  EXPECT_THAT(report.heatmap->y_values, ElementsAre("2", "4", "6", "8"));
  EXPECT_THAT(report.heatmap->x_values, ElementsAre("10", "20"));
  for (const SweepTrial& trial : report.top) {
    const auto y = std::ranges::find(report.heatmap->y_values, trial.values[0]) -
                   report.heatmap->y_values.begin();
    const auto x = std::ranges::find(report.heatmap->x_values, trial.values[1]) -
                   report.heatmap->x_values.begin();
    EXPECT_EQ(report.heatmap->best[static_cast<std::size_t>(y * 2 + x)], trial.objective);
  }
  options_.name = "other";
  options_.heatmap_x = "side";
  EXPECT_THAT(refusal(), HasSubstr("names side, which is not swept"));
  EXPECT_TRUE(trials("other").empty());
}

TEST_F(Sweeps, WhatTheStrategyRefusesIsCountedAndNotRecorded) {
  options_.parameters = {"fast=10:30:10", "slow=20"};
  const SweepReport report = swept();
  EXPECT_EQ(report.recorded, 1U);
  EXPECT_EQ(report.refused, 2U);
  EXPECT_THAT(report.first_refusal, HasSubstr("fast must be smaller than slow"));
  EXPECT_EQ(trials("first").size(), 1U);
}

TEST_F(Sweeps, ACrashCostsItsOwnTrialAndIsRecorded) {
  options_.run.strategy = CHOOSING;
  options_.parameters = {"what=0,1,5"};
  const SweepReport report = swept();
  EXPECT_EQ(report.recorded, 3U);
  EXPECT_EQ(report.failed, 1U);
  EXPECT_THAT(report.first_failure, HasSubstr("SIGSEGV"));
  const auto rows = trials("first");
  EXPECT_EQ(rows.size(), 3U);
  EXPECT_EQ(std::ranges::count(rows, ledger::RunGroup::failed_trial, &RunRow::group), 1);
  EXPECT_TRUE(verify(context_)->ok);
}

TEST_F(Sweeps, SeveralTickersAreTriedEach) {
  import(write_prices("OTHER.csv", 300));
  options_.tickers = {"ACME,OTHER", "NONE"};
  const SweepReport report = swept();
  EXPECT_EQ(report.recorded, 16U);
  EXPECT_EQ(report.trials, 16U);
  EXPECT_THAT(notices_, Contains(HasSubstr("NONE is passed over: there is no data for NONE")));
  EXPECT_EQ(std::ranges::count(trials("first"), "OTHER", &RunRow::ticker), 8);
}

TEST_F(Sweeps, ResumedItRunsOnlyWhatIsMissing) {
  options_.parameters = {"fast=2:4:2", "slow=10,20"};
  EXPECT_EQ(swept().recorded, 4U);
  resume();
  options_.parameters = {"fast=2:8:2", "slow=10,20"};
  const SweepReport report = swept();
  EXPECT_EQ(report.recorded_before, 4U);
  EXPECT_EQ(report.recorded, 4U);
  EXPECT_EQ(report.top.size(), 8U);
  EXPECT_EQ(trials("first").size(), 8U);
  EXPECT_EQ(swept().recorded, 0U);
}

TEST_F(Sweeps, ResumedItStaysWithTheDataItBeganWith) {
  swept();
  import(write_prices("ACME.csv", 380));
  resume();
  options_.parameters = {"fast=3", "slow=10"};
  const SweepReport report = swept();
  ASSERT_EQ(report.recorded, 1U);
  EXPECT_EQ(detail(report.top.front().id).bars, 400U);
}

TEST_F(Sweeps, ResumedWithAnotherBuildOfThePluginIsRefused) {
  options_.run.strategy = OWN_SIZE;
  options_.parameters = {"length=3,4"};
  swept();
  resume();
  options_.run.strategy = OWN_SIZE_CHANGED;
  EXPECT_THAT(refusal(), HasSubstr("begun with another build"));
}

TEST_F(Sweeps, NamesAreTakenOnceAndResumedWhenTheyAreThere) {
  swept();
  EXPECT_THAT(refusal(), HasSubstr("there is a sweep first already; go on with --resume first"));
  options_.resume = "nothing";
  EXPECT_THAT(refusal(), HasSubstr("give one of them"));
  options_.name.reset();
  EXPECT_THAT(refusal(), HasSubstr("there is no sweep nothing"));
}

TEST_F(Sweeps, ANameIsChosenWhenNoneIsGiven) {
  options_.name.reset();
  const SweepReport report = swept();
  EXPECT_THAT(report.id, testing::StartsWith("sma_cross-"));
  EXPECT_EQ(trials(report.id).size(), 8U);
}

TEST_F(Sweeps, InterruptedTheyKeepWhatWasRecordedAndAreResumed) {
  std::atomic<bool> interrupted = false;
  context_.interrupted = &interrupted;
  context_.on_progress = [&](std::uint64_t done, std::uint64_t, std::string_view) {
    if (done > 0) interrupted = true;
  };
  options_.parameters = {"fast=2:30", "slow=100:150"};
  const SweepReport first = swept();
  EXPECT_TRUE(first.interrupted);
  EXPECT_GT(first.recorded, 0U);
  EXPECT_LT(first.recorded, first.trials);
  EXPECT_EQ(trials("first").size(), first.recorded);
  interrupted = false;
  context_.on_progress = nullptr;
  resume();
  const SweepReport second = swept();
  EXPECT_FALSE(second.interrupted);
  EXPECT_EQ(second.recorded_before, first.recorded);
  EXPECT_EQ(second.recorded + first.recorded, second.trials);
  EXPECT_EQ(trials("first").size(), second.trials);
}

TEST_F(Sweeps, OfWhichEverythingFailsAreGivenUp) {
  options_.run.strategy = CHOOSING;
  options_.run.timeout = "0.2";
  options_.jobs = "1";
  options_.parameters = {"what=1", "padding=1:400"};
  const SweepReport report = swept();
  EXPECT_TRUE(report.gave_up);
  EXPECT_FALSE(report.interrupted);
  EXPECT_EQ(report.failed, report.recorded);
  EXPECT_LT(report.recorded, report.trials);
}

TEST_F(Sweeps, AsManyJobsAsOneGiveTheSameResults) {
  options_.jobs = "1";
  options_.top = 8;
  const SweepReport one = swept();
  options_.name = "many";
  options_.jobs = "5";
  const SweepReport many = swept();
  ASSERT_EQ(one.top.size(), many.top.size());
  for (std::size_t i = 0; i < one.top.size(); ++i) {
    EXPECT_EQ(one.top[i].values, many.top[i].values);
    EXPECT_EQ(detail(one.top[i].id).result_digest, detail(many.top[i].id).result_digest);
  }
}

TEST_F(Sweeps, WrongOptionsAreTold) {
  options_.objective = "sharpe";
  EXPECT_THAT(refusal(), HasSubstr("did you mean `sharpe_ratio`"));
  options_.objective = "sharpe_ratio";
  options_.jobs = "0";
  EXPECT_THAT(refusal(), HasSubstr("--jobs is `0`; expected a whole number from 1 to 256"));
  options_.jobs = "2";
  options_.random = "many";
  EXPECT_THAT(refusal(), HasSubstr("--random is `many`"));
  options_.random.reset();
  options_.tickers = {"ACME,"};
  EXPECT_THAT(refusal(), HasSubstr("one is empty"));
  options_.tickers = {"NONE"};
  EXPECT_THAT(refusal(), HasSubstr("there is no data for NONE"));
  options_.tickers = {"ACME", "OTHER"};
  options_.run.data = "ACME@abcdef";
  EXPECT_THAT(refusal(), HasSubstr("--data names the data of one ticker"));
}

}  // namespace
}  // namespace runledger::app
