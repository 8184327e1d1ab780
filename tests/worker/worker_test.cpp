#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <map>
#include <ranges>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gnu/libc-version.h>

#include <runledger/engine/result.hpp>
#include <runledger/engine/settings.hpp>
#include <runledger/metrics/metrics.hpp>

#include "support.hpp"

namespace runledger::test {
namespace {

using schema::FailureReason;
using testing::Contains;
using testing::EndsWith;
using testing::HasSubstr;
using testing::SizeIs;
using worker::Worker;
using Clock = std::chrono::steady_clock;

TEST(Worker, RunsAStrategyAndTellsItsResult) {
  Worker worker(worker_options());
  auto call = call_of(MISBEHAVING, "steady");
  call.want_result = true;
  const auto reply = completed(worker, call);
  const RunResult result = value_of(decode_result(reply.result));
  EXPECT_EQ(hex(*reply.result_digest), result_digest(result).hex());
  EXPECT_EQ(hex(*reply.decision_digest), decision_digest(result).hex());
  EXPECT_EQ(reply.orders, 50U);
  EXPECT_EQ(reply.fills, result.fills.size());
  EXPECT_THAT(result.equity, SizeIs(100));
  EXPECT_EQ(reply.metrics_version, kMetricsVersion);
  EXPECT_THAT(reply.metrics, SizeIs(metric_table().size()));
  EXPECT_EQ(reply.retire, "");
}

TEST(Worker, GivesTheSameDigestWarmAndFreshWithAndWithoutTheResult) {
  Worker one(worker_options());
  Worker other(worker_options());
  auto call = call_of(MISBEHAVING, "steady");
  const std::string fresh = hex(*completed(one, call).result_digest);
  EXPECT_EQ(hex(*completed(one, call).result_digest), fresh);
  call.want_result = true;
  EXPECT_EQ(hex(*completed(other, call).result_digest), fresh);
}

TEST(Worker, DescribesWhatIsInAPlugin) {
  Worker worker(worker_options());
  const auto outcome = value_of(worker.describe(BUY_AND_HOLD));
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_THAT(outcome->refusals, SizeIs(0));
  ASSERT_THAT(outcome->strategies, SizeIs(1));
  EXPECT_EQ(outcome->strategies[0]->name, "buy_and_hold");
  EXPECT_FALSE(outcome->strategies[0]->sizes_orders);
  EXPECT_THAT(outcome->engine, SizeIs(40));
}

TEST(Worker, TellsHowItIsConfined) {
  Worker worker(worker_options());
  const auto outcome = value_of(worker.describe(BUY_AND_HOLD));
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_THAT(outcome->confinement, testing::IsSupersetOf({"system calls", "files", "children"}));
  if (!kSanitized) {
    EXPECT_THAT(outcome->confinement, Contains("memory"));
  }
}

TEST(Worker, TellsEveryFileThatItRunsCodeFrom) {
  Worker worker(worker_options());
  const auto reply = completed(worker, call_of(MISBEHAVING, "steady"));
  std::vector<std::string> paths;
  for (const auto& file : reply.loaded) paths.push_back(file->path);
  EXPECT_THAT(paths, Contains(std::filesystem::canonical(WORKER_PROGRAM).string()));
  EXPECT_THAT(paths, Contains(HasSubstr("/libc.so")));
  EXPECT_THAT(paths, Contains(HasSubstr("/ld-linux-x86-64.so")));
  EXPECT_THAT(paths, testing::Not(Contains(EndsWith("misbehaving.so"))));
  EXPECT_THAT(paths, testing::Each(testing::StartsWith("/")));
}

std::map<std::string, schema::RuntimeRole> roles_in(const schema::RunReplyT& reply) {
  std::map<std::string, schema::RuntimeRole> roles;
  for (const auto& file : reply.loaded) roles.emplace(file->name, file->role);
  return roles;
}

TEST(Worker, NamesItsFilesAsTheDynamicLoaderAsksForThem) {
  Worker worker(worker_options());
  const auto roles = roles_in(completed(worker, call_of(MISBEHAVING, "steady")));
  using schema::RuntimeRole;
  EXPECT_THAT(roles, testing::IsSupersetOf({
                         std::pair<const std::string, RuntimeRole>{"ld-linux-x86-64.so.2",
                                                                   RuntimeRole::interpreter},
                         {"libc.so.6", RuntimeRole::library},
                         {"libstdc++.so.6", RuntimeRole::library},
                         {"runledger-worker", RuntimeRole::program},
                     }));
  const auto count = [&](RuntimeRole role) {
    return std::ranges::count(roles | std::views::values, role);
  };
  EXPECT_EQ(count(RuntimeRole::program), 1);
  EXPECT_EQ(count(RuntimeRole::interpreter), 1);
  EXPECT_EQ(count(RuntimeRole::none), 0);
}

TEST(Worker, SaysWhichRulesItRunsBy) {
  Worker worker(worker_options());
  EXPECT_EQ(completed(worker, call_of(MISBEHAVING, "steady")).rules_version, kRulesVersion);
}

TEST(Worker, DescribesItsCLibraryAndTheRequestsThatItServes) {
  Worker worker(worker_options());
  const auto outcome = value_of(worker.describe(BUY_AND_HOLD));
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->libc, fmt::format("glibc {}", ::gnu_get_libc_version()));
  EXPECT_EQ(outcome->serves, 2);
}

TEST(Worker, TellsWhyAPluginCannotBeUsed) {
  Worker worker(worker_options());
  const auto outcome = value_of(worker.describe(USELESS));
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_THAT(outcome->refusals, SizeIs(testing::Ge(1)));
  const auto failure = failure_of(worker, call_of(USELESS, "any"));
  EXPECT_EQ(failure.reason, FailureReason::not_loadable);
}

TEST(Worker, TellsWhyOneStrategyCannotBeUsedAndRunsItsNeighbours) {
  Worker worker(worker_options());
  const auto outcome = value_of(worker.describe(MISBEHAVING));
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_THAT(outcome->refusals, SizeIs(0));
  for (const auto& strategy : outcome->strategies) {
    const bool served = strategy->name != "takes_two_instruments";
    EXPECT_EQ(strategy->refusals.empty(), served) << strategy->name;
  }
  const auto failure = failure_of(worker, call_of(MISBEHAVING, "takes_two_instruments"));
  EXPECT_EQ(failure.reason, FailureReason::not_loadable);
  EXPECT_THAT(failure.message, HasSubstr("takes 2 to 2 instruments; a run has one"));
  EXPECT_EQ(completed(worker, call_of(MISBEHAVING, "steady")).orders, 50U);
}

TEST(Worker, RefusesAPathThatIsNotAbsoluteAndARunWithoutBars) {
  Worker worker(worker_options());
  EXPECT_EQ(worker.run(call_of("plugin.so", "steady")).error().code, ErrorCode::invalid_input);
  auto call = call_of(MISBEHAVING, "steady");
  call.bars = nullptr;
  EXPECT_EQ(worker.run(call).error().code, ErrorCode::invalid_input);
}

TEST(Worker, SaysWhatIsWrongWithARequest) {
  Worker worker(worker_options());
  auto unknown = call_of(MISBEHAVING, "no_such_strategy");
  EXPECT_THAT(failure_of(worker, unknown).message, HasSubstr("no strategy no_such_strategy"));
  auto surplus = call_of(MISBEHAVING, "steady");
  surplus.parameters.emplace_back();
  surplus.parameters.back().name = "fast";
  surplus.parameters.back().value = std::make_unique<schema::ParameterValue>();
  EXPECT_EQ(failure_of(worker, surplus).reason, FailureReason::refused_to_start);
  auto poor = call_of(MISBEHAVING, "steady");
  poor.settings.cash = -1;
  EXPECT_EQ(failure_of(worker, poor).reason, FailureReason::protocol);
}

TEST(Worker, AProgramThatIsNotThereIsAnError) {
  Worker worker({.program = "/nowhere/runledger-worker"});
  EXPECT_EQ(worker.run(call_of(MISBEHAVING, "steady")).error().code, ErrorCode::not_found);
}

TEST(Worker, AProgramThatIsNoWorkerIsAnErrorWithWhatItSaid) {
  Worker worker({.program = WORKER_PROGRAM, .prefix = {"/bin/ls"}});
  const auto result = worker.run(call_of(MISBEHAVING, "steady"));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::io);
  EXPECT_THAT(result.error().message, HasSubstr("ls:"));
}

TEST(Worker, RunsUnderARecordedDynamicLoader) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer's run-time library wants to be loaded first";
  worker::WorkerOptions options = worker_options();
  options.prefix = {"/lib64/ld-linux-x86-64.so.2"};
  Worker worker(options);
  Worker plain(worker_options());
  const auto call = call_of(MISBEHAVING, "steady");
  const auto reply = completed(worker, call);
  const auto plain_reply = completed(plain, call);
  EXPECT_EQ(hex(*reply.result_digest), hex(*plain_reply.result_digest));
  EXPECT_EQ(roles_in(reply), roles_in(plain_reply));
}

TEST(Worker, SeesACleanEnvironment) {
  Worker worker(worker_options());
  auto call = call_of(THROWING, "tells_environment");
  call.want_log = true;
  const auto reply = completed(worker, call);
  std::vector<std::string> texts;
  for (const auto& line : reply.log) texts.push_back(line->text);
  EXPECT_THAT(texts, testing::ElementsAre("C", "C", "UTC", "absent", "absent"));
}

TEST(Worker, TellsPublishedValuesOnlyWhenAsked) {
  Worker worker(worker_options());
  auto call = call_of(THROWING, "publishes");
  EXPECT_THAT(completed(worker, call).published, SizeIs(0));
  call.want_published = true;
  const auto reply = completed(worker, call);
  ASSERT_THAT(reply.published, SizeIs(1));
  EXPECT_EQ(reply.published[0]->name, "doubled");
  ASSERT_THAT(reply.published[0]->values, SizeIs(100));
  EXPECT_EQ(reply.published[0]->values[99], 2 * hundred_bars().columns().close[99]);
}

TEST(Worker, ARunCanBeCancelled) {
  Worker worker(worker_options());
  std::atomic<bool> cancelled = false;
  auto call = call_of(MISBEHAVING, "spins");
  call.cancelled = &cancelled;
  std::atomic<std::uint64_t> reached = 0;
  call.progress = [&](std::uint64_t bar) {
    reached = bar;
    if (bar == 4) cancelled = true;
  };
  EXPECT_EQ(worker.run(call).error().code, ErrorCode::interrupted);
  EXPECT_EQ(reached, 4U);
  completed(worker, call_of(MISBEHAVING, "steady"));
}

TEST(Worker, RunsOverNoBars) {
  const auto none = value_of(worker::SharedBars::make(wavy_bars(0)));
  Worker worker(worker_options());
  auto call = call_of(MISBEHAVING, "steady");
  call.bars = &none;
  EXPECT_EQ(completed(worker, call).orders, 0U);
}

TEST(WorkerPool, ServesSeveralThreadsWithOneResult) {
  worker::WorkerPool pool(worker_options());
  std::vector<std::string> digests(4);
  {
    std::vector<std::jthread> threads;
    for (std::string& digest : digests) {
      threads.emplace_back([&] {
        for (int i = 0; i < 5; ++i) {
          const auto outcome = pool.run(call_of(MISBEHAVING, "steady"));
          digest = outcome && *outcome ? hex(*(*outcome)->result_digest) : "failed";
        }
      });
    }
  }
  EXPECT_THAT(digests[0], SizeIs(64));
  EXPECT_THAT(digests, testing::Each(digests[0]));
}

TEST(Worker, StaysWhenTheThreadThatStartedItEnds) {
  Worker worker(worker_options());
  std::thread([&] { completed(worker, call_of(MISBEHAVING, "steady")); }).join();
  completed(worker, call_of(MISBEHAVING, "steady"));
}

TEST(Worker, ARunUnderADebuggerGivesTheSameResult) {
  if (!std::filesystem::exists("/usr/bin/gdb")) GTEST_SKIP() << "gdb is not installed";
  if (kSanitized) GTEST_SKIP() << "a sanitizer build does not run under a debugger's ptrace";
  worker::WorkerOptions options = worker_options();
  options.under = "gdb -nx -q -batch -ex 'set startup-with-shell off' -ex run --args";
  Worker debugged(options);
  Worker plain(worker_options());
  auto call = call_of(MISBEHAVING, "steady");
  call.timeout = std::chrono::milliseconds(0);
  const auto reply = completed(debugged, call);
  EXPECT_EQ(hex(*reply.result_digest), hex(*completed(plain, call).result_digest));
}

TEST(Worker, StartsInMilliseconds) {
  const auto bars = value_of(worker::SharedBars::make(wavy_bars(2'000)));
  auto call = call_of(MISBEHAVING, "steady");
  call.bars = &bars;
  const auto started = Clock::now();
  Worker worker(worker_options());
  completed(worker, call);
  const auto first = Clock::now();
  completed(worker, call);
  const auto warm = Clock::now();
  const auto ms = [](auto time) { return std::chrono::duration<double, std::milli>(time).count(); };
  fmt::print("start, load and run of 2,000 bars {:.2f} ms; again {:.2f} ms\n", ms(first - started),
             ms(warm - first));
  EXPECT_LT(ms(first - started), kSanitized ? 5'000 : 1'000);
}

}  // namespace
}  // namespace runledger::test
