// Many runs in one exchange: the same outcomes as one by one.
#include <algorithm>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support.hpp"

namespace runledger::test {
namespace {

using worker::TrialParameters;

TrialParameters trial(std::int64_t what) {
  TrialParameters parameters(2);
  parameters[0].name = "what";
  parameters[0].value =
      std::make_unique<schema::ParameterValue>(what, 0.0, schema::ParameterType::integer);
  parameters[1].name = "padding";
  parameters[1].value =
      std::make_unique<schema::ParameterValue>(0, 0.0, schema::ParameterType::integer);
  return parameters;
}

std::vector<TrialParameters> trials_of(std::initializer_list<std::int64_t> whats) {
  std::vector<TrialParameters> trials;
  for (const std::int64_t what : whats) trials.push_back(trial(what));
  return trials;
}

worker::RunCall choosing() { return call_of(CHOOSING, "choosing"); }

worker::BatchOutcome outcome_of(worker::Worker& worker, const worker::RunCall& call,
                                const std::vector<TrialParameters>& trials) {
  auto outcome = value_of(worker.run_batch(call, trials));
  EXPECT_EQ(outcome.runs.size(), trials.size());
  return outcome;
}

TEST(Batch, EachTrialComesOutAsAlone) {
  worker::Worker together(worker_options());
  worker::Worker alone(worker_options());
  const auto trials = trials_of({0, 0, 0});
  worker::RunCall call = choosing();
  const auto outcome = outcome_of(together, call, trials);
  call.parameters = trials[0];
  const auto single = completed(alone, call);
  for (const auto& run : outcome.runs) {
    ASSERT_TRUE(run.has_value());
    EXPECT_EQ(hex(*run->result_digest), hex(*single.result_digest));
    EXPECT_EQ(hex(*run->decision_digest), hex(*single.decision_digest));
    EXPECT_EQ(run->metrics.size(), single.metrics.size());
    EXPECT_EQ(run->orders, single.orders);
    EXPECT_EQ(run->order_sizes, single.order_sizes);
    EXPECT_EQ(run->rules_version, single.rules_version);
  }
  EXPECT_EQ(outcome.loaded.size(), single.loaded.size());
}

TEST(Batch, OneThatCrashesCostsItselfOnly) {
  worker::Worker worker(worker_options());
  const auto outcome = outcome_of(worker, choosing(), trials_of({0, 1, 0}));
  EXPECT_TRUE(outcome.runs[0].has_value());
  EXPECT_TRUE(outcome.runs[2].has_value());
  ASSERT_FALSE(outcome.runs[1].has_value());
  EXPECT_EQ(outcome.runs[1].error().reason, schema::FailureReason::crashed);
  EXPECT_EQ(outcome.runs[1].error().bar, 4);
}

TEST(Batch, ARoundingModeThatIsLeftBehindChangesNoOtherRun) {
  worker::Worker worker(worker_options());
  const auto outcome = outcome_of(worker, choosing(), trials_of({0, 2, 0}));
  ASSERT_TRUE(outcome.runs[0].has_value());
  ASSERT_TRUE(outcome.runs[2].has_value());
  EXPECT_EQ(hex(*outcome.runs[0]->result_digest), hex(*outcome.runs[2]->result_digest));
  ASSERT_FALSE(outcome.runs[1].has_value());
  EXPECT_EQ(outcome.runs[1].error().reason, schema::FailureReason::changed_fp_state);
}

TEST(Batch, ALocaleThatIsChangedCostsNothing) {
  worker::Worker worker(worker_options());
  const auto outcome = outcome_of(worker, choosing(), trials_of({0, 5, 0}));
  EXPECT_TRUE(std::ranges::all_of(outcome.runs, [](const auto& run) { return run.has_value(); }));
}

TEST(Batch, OneThatDoesNotEndTimesOutByItself) {
  worker::Worker worker(worker_options());
  worker::RunCall call = choosing();
  call.timeout = std::chrono::milliseconds(400);
  const auto outcome = outcome_of(worker, call, trials_of({0, 3, 0}));
  EXPECT_TRUE(outcome.runs[0].has_value());
  EXPECT_TRUE(outcome.runs[2].has_value());
  ASSERT_FALSE(outcome.runs[1].has_value());
  EXPECT_EQ(outcome.runs[1].error().reason, schema::FailureReason::timed_out);
}

TEST(Batch, AnErrorIsToldInTheStrategysWords) {
  worker::Worker worker(worker_options());
  const auto outcome = outcome_of(worker, choosing(), trials_of({4, 6, 0}));
  ASSERT_FALSE(outcome.runs[0].has_value());
  EXPECT_EQ(outcome.runs[0].error().reason, schema::FailureReason::reported);
  EXPECT_THAT(outcome.runs[0].error().message, testing::HasSubstr("four is an error"));
  ASSERT_FALSE(outcome.runs[1].has_value());
  EXPECT_EQ(outcome.runs[1].error().reason, schema::FailureReason::refused_to_start);
  EXPECT_THAT(outcome.runs[1].error().message, testing::HasSubstr("six is refused"));
  EXPECT_TRUE(outcome.runs[2].has_value());
}

TEST(Batch, AValueBeyondItsBoundsIsRefused) {
  worker::Worker worker(worker_options());
  const auto outcome = outcome_of(worker, choosing(), trials_of({7}));
  ASSERT_FALSE(outcome.runs[0].has_value());
  EXPECT_EQ(outcome.runs[0].error().reason, schema::FailureReason::refused_to_start);
}

TEST(Batch, MoreTrialsThanOneRequestHoldsAreAllRun) {
  worker::Worker worker(worker_options());
  const std::vector<TrialParameters> trials(5'000, trial(0));
  const auto outcome = outcome_of(worker, choosing(), trials);
  EXPECT_TRUE(std::ranges::all_of(outcome.runs, [](const auto& run) { return run.has_value(); }));
}

TEST(Batch, OfNothingIsNothing) {
  worker::Worker worker(worker_options());
  EXPECT_TRUE(outcome_of(worker, choosing(), {}).runs.empty());
}

}  // namespace
}  // namespace runledger::test
