// The order of calls, what the strategy sees, and how a run can fail.
#include <cmath>
#include <map>
#include <new>
#include <stdexcept>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support.hpp"

namespace runledger::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Settings with_cash(double cash) {
  Settings settings;
  settings.cash = cash;
  return settings;
}

std::uint64_t bar_of(const rl_step& step) { return step.series[0].count - 1; }

// Runs a script that must fail.
RunFault fault_of(Script& script, const PaddedBars& bars = daily({10, 11, 12})) {
  Outcome outcome = run(script, bars);
  EXPECT_FALSE(outcome.has_value());
  return outcome ? RunFault{} : std::move(outcome.error());
}

PluginCall call_of(const RunFault& fault) { return static_cast<PluginCall>(fault.call); }

TEST(Loop, CallsComeInTheOrderOfTheContract) {
  Script script;
  script.on_bar = [](Script& self, const rl_step& step) -> rl_status {
    if (bar_of(step) == 0) self.buy(1e6);
    return bar_of(step) == 0 ? self.buy(1) : RL_OK;
  };
  ASSERT_TRUE(run(script, daily({10, 11, 12})).has_value());
  EXPECT_THAT(script.calls, ElementsAre("create", "on_bar 0", "on_refusal 1", "on_fill 2",
                                        "on_bar 1", "on_bar 2", "on_end", "destroy"));
  EXPECT_EQ(script.destroyed, 1);
}

TEST(Loop, CallbacksThatAreNotThereAreNotCalled) {
  Script script;
  script.on_bar = [](Script& self, const rl_step&) -> rl_status { return self.buy(600); };
  const Outcome outcome = run(script, daily({10, 11, 12}), {}, [](RunInputs& inputs) {
    static rl_strategy bare;
    bare = *inputs.strategy;
    bare.on_fill = nullptr;
    bare.on_refusal = nullptr;
    bare.on_end = nullptr;
    inputs.strategy = &bare;
  });
  ASSERT_TRUE(outcome.has_value());
  EXPECT_THAT(script.calls, ElementsAre("create", "on_bar 0", "on_bar 1", "on_bar 2", "destroy"));
}

TEST(Loop, TheStepShowsBarsAndAccountAtTheClose) {
  Script script;
  script.on_bar = [](Script& self, const rl_step& step) -> rl_status {
    const rl_series& series = step.series[0];
    const rl_account& account = *step.account;
    const std::uint64_t bar = bar_of(step);
    EXPECT_EQ(step.now_ns, series.close_time_ns[bar]);
    EXPECT_EQ(account.open_order_count, 0u);
    if (bar == 0) {
      EXPECT_EQ(account.cash, 1000);
      EXPECT_TRUE(std::isnan(account.average_price));
      EXPECT_EQ(account.unrealised_pnl, 0);
      return self.buy(10);
    }
    EXPECT_EQ(series.position, 10);
    EXPECT_EQ(account.cash, 890);
    EXPECT_EQ(account.average_price, 11);
    EXPECT_EQ(account.unrealised_pnl, bar == 1 ? 5 : 20);
    EXPECT_EQ(account.equity, bar == 1 ? 1005 : 1020);
    return RL_OK;
  };
  ASSERT_TRUE(run(script, daily({{10, 10}, {11, 11.5}, {12, 13}}), with_cash(1000)).has_value());
  EXPECT_EQ(script.calls.size(), 7u);
}

TEST(Loop, TheFutureIsNan) {
  Script script;
  script.on_bar = [](Script&, const rl_step& step) -> rl_status {
    if (bar_of(step) == 2) {
      for (std::size_t ahead = 0; ahead < kColumnPadding; ++ahead) {
        EXPECT_TRUE(std::isnan(step.series[0].close[3 + ahead]));
        EXPECT_EQ(step.series[0].close_time_ns[3 + ahead], step.now_ns);
      }
    }
    return RL_OK;
  };
  ASSERT_TRUE(run(script, daily({10, 11, 12})).has_value());
}

TEST(Loop, OrdersThatWaitAreSeenAsOpenOrders) {
  Script script;
  script.on_fill = [](Script& self, const rl_fill&) -> rl_status {
    self.submit(Script::order_of(50, RL_SIZE_VALUE));
    return self.submit(Script::order_of(1, RL_SIZE_CLOSE, RL_REDUCE_ONLY));
  };
  script.on_bar = [](Script& self, const rl_step& step) -> rl_status {
    if (bar_of(step) == 0) return self.buy(3);
    const rl_account& account = *step.account;
    if (bar_of(step) == 1) {
      EXPECT_EQ(account.open_order_count, 2u);
      EXPECT_EQ(account.open_orders[0]->order_id, 2u);
      EXPECT_TRUE(std::isnan(account.open_orders[0]->quantity));
      EXPECT_EQ(account.open_orders[1]->quantity, -3);
      EXPECT_EQ(account.open_orders[1]->kind, std::uint32_t{RL_MARKET});
      EXPECT_EQ(account.open_orders[1]->struct_size, sizeof(rl_open_order));
      EXPECT_EQ(account.open_orders[1]->flags, RL_REDUCE_ONLY);
      return self.host->cancel(self.host, 0);
    }
    EXPECT_EQ(account.open_order_count, 0u);
    return RL_OK;
  };
  const Outcome outcome = run(script, daily({10, 11, 12}));
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(outcome->fills.size(), 1u);
}

TEST(Loop, FillsAndRefusalsAreTold) {
  Script script;
  script.on_bar = [](Script& self, const rl_step& step) -> rl_status {
    if (bar_of(step) > 0) return RL_OK;
    self.buy(2);
    return self.buy(1e6);
  };
  script.on_fill = [](Script&, const rl_fill& fill) -> rl_status {
    EXPECT_EQ(fill.order_id, 1u);
    EXPECT_EQ(fill.quantity, 2);
    EXPECT_EQ(fill.price, 11);
    EXPECT_EQ(fill.series, 0u);
    return RL_OK;
  };
  script.on_refusal = [](Script& self, const rl_refusal& refusal) -> rl_status {
    EXPECT_EQ(refusal.struct_size, sizeof(rl_refusal));
    EXPECT_EQ(refusal.order_id, 2u);
    EXPECT_EQ(refusal.quantity, 1e6);
    const std::string reason = refusal.reason;
    // More refusals during the call do not move what it was given.
    for (int i = 0; i < 100; ++i)
      self.submit([] {
        rl_order order = Script::order_of(1);
        order.kind = 77;
        return order;
      }());
    EXPECT_EQ(refusal.reason, reason);
    EXPECT_THAT(reason, HasSubstr("is more than cash"));
    return RL_OK;
  };
  EXPECT_TRUE(run(script, daily({10, 11, 12})).has_value());
}

TEST(Loop, NoBarsIsARunOfCreateAndDestroy) {
  Script script;
  const Outcome outcome = run(script, daily(std::vector<double>{}));
  ASSERT_TRUE(outcome.has_value());
  EXPECT_THAT(outcome->equity, IsEmpty());
  EXPECT_THAT(script.calls, ElementsAre("create", "destroy"));
}

TEST(Loop, ValuesAndSeedReachTheStrategy) {
  Script script;
  script.on_create = [](Script& self) { EXPECT_EQ(self.host->seed, 42u); };
  Settings settings;
  settings.seed = 42;
  EXPECT_TRUE(run(script, daily({10, 11}), settings).has_value());
}

TEST(Loop, ProgressIsWrittenBeforeEveryCall) {
  Progress progress;
  Script script;
  const auto at = [&](PluginCall call, std::uint64_t bar) {
    EXPECT_EQ(progress.call, static_cast<std::uint32_t>(call));
    EXPECT_EQ(progress.bar, bar);
    return RL_OK;
  };
  script.on_create = [&](Script&) { at(PluginCall::create, 0); };
  script.on_bar = [&](Script& self, const rl_step& step) -> rl_status {
    at(PluginCall::on_bar, bar_of(step));
    return bar_of(step) == 0 ? self.buy(1) : RL_OK;
  };
  script.on_fill = [&](Script&, const rl_fill&) -> rl_status { return at(PluginCall::on_fill, 1); };
  script.on_end = [&](Script&, const rl_step&) -> rl_status { return at(PluginCall::on_end, 2); };
  script.on_destroy = [&](Script&) { at(PluginCall::destroy, 2); };
  const auto watch = [&](RunInputs& inputs) { inputs.progress = &progress; };
  EXPECT_TRUE(run(script, daily({10, 11, 12}), {}, watch).has_value());
}

TEST(Loop, PublishedValuesAreCollectedWhenSomebodyAsks) {
  std::map<std::pair<std::uint64_t, std::string>, double> values;
  Script script;
  script.on_bar = [](Script& self, const rl_step& step) -> rl_status {
    const auto* publish =
        static_cast<const rl_publish*>(self.host->extension(self.host, RL_EXT_PUBLISH));
    EXPECT_EQ(self.host->extension(self.host, "unheard.of/1"), nullptr);
    if (publish != nullptr) publish->value(self.host, "close", step.series[0].close[bar_of(step)]);
    return RL_OK;
  };
  EXPECT_TRUE(run(script, daily({10, 11})).has_value());
  const auto collect = [&](RunInputs& inputs) {
    inputs.publish = [&](std::uint64_t bar, const char* name, double value) {
      values[{bar, name}] = value;
    };
  };
  EXPECT_TRUE(run(script, daily({10, 11}), {}, collect).has_value());
  EXPECT_EQ(values.size(), 2u);
  EXPECT_EQ((values[{1, "close"}]), 11);
}

TEST(Loop, TheSameInputsGiveTheSameDigest) {
  const auto digest = [] {
    Script script;
    script.on_bar = [](Script& self, const rl_step& step) -> rl_status {
      return self.buy(bar_of(step) % 3 == 0 ? -0.7 : 0.4);
    };
    return result_digest(run(script, daily({10, 11, 12, 9, 8, 10, 13})).value());
  };
  EXPECT_EQ(digest(), digest());
}

// ---- Log

TEST(Log, LinesAreStampedCleanedAndKept) {
  Script script;
  script.on_bar = [](Script& self, const rl_step& step) -> rl_status {
    if (bar_of(step) == 1) {
      self.host->log(self.host, RL_LOG_WARN, "two\nlines \xff and \xc3\xa9");
      self.host->log(self.host, 99, nullptr);
    }
    return RL_OK;
  };
  const Outcome outcome = run(script, daily({10, 11}));
  ASSERT_TRUE(outcome.has_value());
  ASSERT_EQ(outcome->log.size(), 2u);
  EXPECT_EQ(outcome->log[0].bar, 1u);
  EXPECT_EQ(outcome->log[0].level, RL_LOG_WARN);
  EXPECT_EQ(outcome->log[0].text, "two lines ? and \xc3\xa9");
  EXPECT_EQ(outcome->log[1].level, RL_LOG_ERROR);
}

TEST(Log, LinesOverTheLimitAreOnlyCounted) {
  Script script;
  script.on_bar = [](Script& self, const rl_step&) -> rl_status {
    for (int i = 0; i < 20'000; ++i) self.host->log(self.host, RL_LOG_INFO, "again");
    return RL_OK;
  };
  const Outcome outcome = run(script, daily({10, 11}));
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(outcome->log.size(), kLogLinesMax);
  EXPECT_EQ(outcome->log_lines, 40'000u);
}

TEST(Log, BytesAreLimitedAndLongLinesCutBetweenCharacters) {
  Script script;
  std::string line;
  while (line.size() < 10'000) line += "\xe2\x82\xac";
  script.on_bar = [&](Script& self, const rl_step&) -> rl_status {
    for (int i = 0; i < 1'000; ++i) self.host->log(self.host, RL_LOG_INFO, line.c_str());
    return RL_OK;
  };
  const Outcome outcome = run(script, daily(std::vector<double>{10}));
  ASSERT_TRUE(outcome.has_value());
  std::size_t bytes = 0;
  for (const LogRecord& record : outcome->log) bytes += record.text.size();
  EXPECT_LE(bytes, kLogBytesMax);
  EXPECT_EQ(outcome->log[0].text.size(), kLogLineBytesMax - kLogLineBytesMax % 3);
  EXPECT_EQ(outcome->log_lines, 1'000u);
}

// ---- Faults

TEST(Faults, AThrowIsCaughtWithItsText) {
  Script script;
  script.on_bar = [](Script&, const rl_step& step) -> rl_status {
    if (bar_of(step) == 1) throw std::runtime_error("boom");
    return RL_OK;
  };
  const RunFault fault = fault_of(script);
  EXPECT_EQ(fault.kind, RunFault::Kind::threw);
  EXPECT_EQ(call_of(fault), PluginCall::on_bar);
  EXPECT_EQ(fault.bar, 1u);
  EXPECT_EQ(fault.message, "boom");
  EXPECT_EQ(script.destroyed, 1);
  EXPECT_THAT(script.calls, ElementsAre("create", "on_bar 0", "on_bar 1", "destroy"));
}

TEST(Faults, AThrowThatIsNoExceptionIsCaughtToo) {
  Script script;
  script.on_end = [](Script&, const rl_step&) -> rl_status { throw 7; };
  const RunFault fault = fault_of(script);
  EXPECT_EQ(fault.kind, RunFault::Kind::threw);
  EXPECT_EQ(call_of(fault), PluginCall::on_end);
  EXPECT_EQ(script.destroyed, 1);
}

TEST(Faults, BadAllocIsOutOfMemory) {
  Script script;
  script.on_bar = [](Script&, const rl_step&) -> rl_status { throw std::bad_alloc(); };
  EXPECT_EQ(fault_of(script).kind, RunFault::Kind::out_of_memory);
}

TEST(Faults, CreateMayRefuseAndSayWhy) {
  Script script;
  script.refuse_to_start = true;
  script.on_create = [](Script& self) {
    self.host->explain(self.host, "first");
    self.host->explain(self.host, "fast must be smaller than slow");
  };
  const RunFault fault = fault_of(script);
  EXPECT_EQ(fault.kind, RunFault::Kind::refused_to_start);
  EXPECT_EQ(call_of(fault), PluginCall::create);
  EXPECT_EQ(fault.message, "fast must be smaller than slow");
  EXPECT_EQ(script.destroyed, 0);
}

TEST(Faults, CreateMustSayWhyItRefuses) {
  Script script;
  script.refuse_to_start = true;
  const RunFault fault = fault_of(script);
  EXPECT_EQ(fault.kind, RunFault::Kind::broke_contract);
  EXPECT_EQ(call_of(fault), PluginCall::create);
  EXPECT_EQ(fault.message, "create returned NULL without saying why");
}

TEST(Faults, ThatMemoryRanOutInCreateIsNoRefusal) {
  Script script;
  script.refuse_to_start = true;
  script.on_create = [](Script& self) { self.host->explain(self.host, "memory ran out"); };
  EXPECT_EQ(fault_of(script).kind, RunFault::Kind::out_of_memory);
}

TEST(Faults, CreateMayThrow) {
  Script script;
  script.on_create = [](Script&) { throw std::invalid_argument("no"); };
  const RunFault fault = fault_of(script);
  EXPECT_EQ(fault.kind, RunFault::Kind::threw);
  EXPECT_EQ(call_of(fault), PluginCall::create);
}

TEST(Faults, AnErrorStatusIsReportedWithItsExplanation) {
  Script script;
  script.on_bar = [](Script& self, const rl_step& step) -> rl_status {
    self.host->explain(self.host, "out of ideas");
    return bar_of(step) == 2 ? RL_ERROR : RL_OK;
  };
  const RunFault fault = fault_of(script);
  EXPECT_EQ(fault.kind, RunFault::Kind::reported);
  EXPECT_EQ(fault.bar, 2u);
  EXPECT_EQ(fault.message, "out of ideas");
}

TEST(Faults, AnErrorWithoutExplanationSaysSo) {
  Script script;
  script.on_fill = [](Script&, const rl_fill&) -> rl_status { return RL_ERROR; };
  script.on_bar = [](Script& self, const rl_step&) -> rl_status { return self.buy(1); };
  const RunFault fault = fault_of(script);
  EXPECT_EQ(call_of(fault), PluginCall::on_fill);
  EXPECT_EQ(fault.bar, 1u);
  EXPECT_EQ(fault.message, "on_fill failed without saying why");
}

TEST(Faults, AStatusThatIsNoneBreaksTheContract) {
  Script script;
  script.on_bar = [](Script&, const rl_step&) -> rl_status { return 17; };
  const RunFault fault = fault_of(script);
  EXPECT_EQ(fault.kind, RunFault::Kind::broke_contract);
  EXPECT_THAT(fault.message, HasSubstr("17"));
}

TEST(Faults, AThrowInDestroyEndsTheRunToo) {
  Script script;
  script.on_destroy = [](Script&) { throw std::runtime_error("late"); };
  const RunFault fault = fault_of(script);
  EXPECT_EQ(call_of(fault), PluginCall::destroy);
  EXPECT_EQ(fault.message, "late");
}

TEST(Faults, TheFirstFaultCounts) {
  Script script;
  script.on_bar = [](Script&, const rl_step&) -> rl_status { throw std::runtime_error("first"); };
  script.on_destroy = [](Script&) { throw std::runtime_error("second"); };
  EXPECT_EQ(fault_of(script).message, "first");
}

TEST(Faults, OrdersOutsideTheBarsBreakTheContract) {
  Script script;
  script.on_create = [](Script& self) { EXPECT_EQ(self.buy(1), RL_INVALID); };
  const RunFault fault = fault_of(script);
  EXPECT_EQ(fault.kind, RunFault::Kind::broke_contract);
  EXPECT_EQ(script.destroyed, 1);
}

TEST(Faults, EndlessOrdersBreakTheContract) {
  Script script;
  script.on_bar = [](Script& self, const rl_step&) -> rl_status {
    while (self.buy(1) == RL_OK) {
    }
    return RL_OK;
  };
  EXPECT_EQ(fault_of(script).kind, RunFault::Kind::broke_contract);
}

}  // namespace
}  // namespace runledger::test
