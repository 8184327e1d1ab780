#include <algorithm>

#include <gmock/gmock.h>

#include <runledger/app/strategies.hpp>

#include "workbench.hpp"

namespace runledger::app {
namespace {

using test::Workbench;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::Not;

// A run's size, and a strategy that does not say whether it takes it.
class Sizes : public Workbench {
 protected:
  Sizes() {
    import(write_prices("ACME.csv", 50));
    asked_.strategy = OWN_SIZE;
    asked_.ticker = "ACME";
  }
  static CheckFinding size_finding(const std::vector<CheckReport>& reports) {
    const auto& findings = reports.at(0).findings;
    const auto found =
        std::ranges::find(findings, "declares the size of its orders", &CheckFinding::check);
    return found == findings.end() ? CheckFinding{} : *found;
  }

  RunOptions asked_;
};

TEST_F(Sizes, WithoutEffectAreToldAndNotRecorded) {
  asked_.size = "units:7";
  const RunDetail run = this->run(asked_);
  EXPECT_EQ(run.status, "completed");
  EXPECT_GT(run.total_trades, 0U);
  EXPECT_EQ(run.size, std::nullopt);
  EXPECT_THAT(notices_, Contains(HasSubstr("so --size units:7 had no effect")));
}

TEST_F(Sizes, ThatNobodyAskedForAreLeftOutInSilence) {
  notices_.clear();
  EXPECT_EQ(run(asked_).size, std::nullopt);
  EXPECT_THAT(notices_, Each(Not(HasSubstr("no effect"))));
}

TEST_F(Sizes, ThatOneOrderTookAreRecorded) {
  asked_.size = "units:7";
  asked_.parameters = {"by_run=true"};
  EXPECT_EQ(run(asked_).size, "units:7");
  EXPECT_THAT(notices_, Each(Not(HasSubstr("no effect"))));
}

TEST_F(Sizes, OfALaterVersionAreNone) {
  asked_.size = "units:7";
  asked_.parameters = {"later=true"};
  const RunDetail run = this->run(asked_);
  EXPECT_GT(run.refusals, 0U);
  EXPECT_EQ(run.orders, run.refusals);
  EXPECT_EQ(run.size, "units:7");
  EXPECT_THAT(notices_, Each(Not(HasSubstr("no effect"))));
}

TEST_F(Sizes, ThatARequestSettledAreNotAskedForByItsRepetition) {
  const RunDetail parent = run(asked_);
  ReplayOptions options{.run = std::to_string(parent.id.value), .overrides = {}};
  options.overrides.parameters = {"by_run=true"};
  options.overrides.request_id = "once";
  const RunDetail first = replay(options);
  EXPECT_EQ(first.size, "cash_pct:95");
  EXPECT_EQ(replay(options).id, first.id);
  options.overrides.size = "units:7";
  const auto other = app::replay(context_, options);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::conflict);
}

TEST_F(Sizes, AreNoChangeOfAReplayThatTakesNone) {
  const RunDetail parent = run(asked_);
  const RunDetail child = replay({.run = std::to_string(parent.id.value), .overrides = {}});
  EXPECT_EQ(child.size, std::nullopt);
  EXPECT_TRUE(child.overrides.empty());
  EXPECT_EQ(child.result_digest, parent.result_digest);
}

TEST_F(Sizes, OfAReplayThatTakesTheRunsAreRecorded) {
  const RunDetail parent = run(asked_);
  ReplayOptions options{.run = std::to_string(parent.id.value), .overrides = {}};
  options.overrides.parameters = {"by_run=true"};
  EXPECT_EQ(replay(options).size, "cash_pct:95");
}

TEST_F(Sizes, ThatAreNotDeclaredAreAWarningOfTheCheck) {
  const auto reports = check_strategy(context_, OWN_SIZE);
  ASSERT_TRUE(reports) << reports.error().message;
  const CheckFinding finding = size_finding(*reports);
  EXPECT_EQ(finding.verdict, CheckFinding::Verdict::warning);
  EXPECT_THAT(finding.detail, HasSubstr(".sizes_orders()"));
  EXPECT_TRUE(reports->at(0).ok());
}

TEST_F(Sizes, ThatTheRunDecidesPassTheCheck) {
  const auto reports = check_strategy(context_, "sma_cross");
  ASSERT_TRUE(reports) << reports.error().message;
  EXPECT_EQ(size_finding(*reports).verdict, CheckFinding::Verdict::passed);
}

TEST_F(Sizes, OfAStrategyThatDeclaresItsOwnAreRefused) {
  const auto reports = check_strategy(context_, std::string(MISBEHAVING) + ":steady");
  ASSERT_TRUE(reports) << reports.error().message;
  EXPECT_EQ(size_finding(*reports).verdict, CheckFinding::Verdict::passed);
  asked_.strategy = std::string(MISBEHAVING) + ":steady";
  asked_.size = "units:1";
  const auto receipt = backtest(context_, asked_);
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().code, ErrorCode::invalid_input);
  asked_.size.reset();
  EXPECT_EQ(run(asked_).size, std::nullopt);
}

TEST_F(Sizes, OfBarsThatAreTooFewForTheStrategyAreTold) {
  asked_.parameters = {"idle=true", "length=50"};
  (void)run(asked_);
  EXPECT_THAT(notices_, Contains("own_size ordered nothing: length is 50 bars and the run has 50; "
                                 "import more or lower it"));
  notices_.clear();
  asked_.parameters = {"idle=true", "length=49"};
  (void)run(asked_);
  EXPECT_THAT(notices_, Each(Not(HasSubstr("ordered nothing"))));
}

}  // namespace
}  // namespace runledger::app
