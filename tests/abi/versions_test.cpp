// Plugins and hosts of unlike versions.
#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <runledger/host/plugin.hpp>

#include "support.hpp"

namespace runledger::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// The first strategy of the library, with its defaults, on ten bars at ten.
Outcome run_library(const char* path) {
  const LoadedPlugin loaded = load_plugin(path);
  EXPECT_THAT(loaded.refusals, IsEmpty());
  Script unused;
  std::vector<rl_value> values;
  return run(unused, daily(std::vector<double>(10, 10.0)), {}, [&](RunInputs& inputs) {
    inputs.strategy = loaded.plugin->strategies[0];
    for (std::size_t i = 0; i < inputs.strategy->param_count; ++i)
      values.push_back(inputs.strategy->params[i]->default_value);
    inputs.values = values;
  });
}

TEST(Versions, APluginOfTheFirstReleaseRuns) {
  const RunResult result = run_library(FROZEN_PLUGIN).value();
  ASSERT_EQ(result.fills.size(), 2u);
  EXPECT_EQ(result.fills[0].quantity, 2);
  EXPECT_EQ(result.fills[1].quantity, -1);
  EXPECT_EQ(result.orders.at(2).outcome, OrderOutcome::cancelled);
  std::vector<std::string> lines;
  for (const LogRecord& line : result.log) lines.push_back(line.text);
  EXPECT_THAT(lines, ElementsAre("bought", "order 2 of kind 1, flags 1: -1 units",
                                 "order 3 of kind 1, flags 0: 1 units", "sold", "rich"));
}

TEST(Versions, ALaterPluginThatMakesDoWithThisHostRuns) {
  const RunResult result = run_library(LATER_PLUGIN).value();
  ASSERT_EQ(result.orders.size(), 1u);
  EXPECT_EQ(result.orders[0].reason, "without the later call");
  EXPECT_EQ(result.final_position, 3);
}

TEST(Versions, ALaterPluginThatNeedsALaterHostIsRefusedWithTheReason) {
  const LoadedPlugin loaded = load_plugin(DEMANDING_PLUGIN);
  EXPECT_EQ(loaded.plugin, nullptr);
  EXPECT_THAT(loaded.refusals, ElementsAre(HasSubstr("use a newer runledger")));
}

// ---- A host to come, in which an order that waits has grown

struct LaterOpenOrder {
  rl_open_order known;
  std::uint64_t later_field;
};

std::vector<std::string> heard;
std::uint64_t cancelled = 0;

rl_status cancel_one(const rl_host* /*host*/, std::uint64_t order_id) {
  cancelled = order_id;
  return RL_OK;
}
void hear(const rl_host* /*host*/, std::int32_t /*level*/, const char* text) {
  heard.emplace_back(text);
}

LaterOpenOrder later_order(std::uint64_t id, std::uint32_t flags, double units) {
  return {.known = {.struct_size = sizeof(LaterOpenOrder),
                    .series = 0,
                    .order_id = id,
                    .kind = RL_MARKET,
                    .flags = flags,
                    .quantity = units,
                    .limit_price = 0,
                    .stop_price = 0},
          .later_field = ~std::uint64_t{0}};
}

TEST(Versions, APluginOfTheFirstReleaseStepsThroughOpenOrdersThatHaveGrown) {
  const LoadedPlugin loaded = load_plugin(FROZEN_PLUGIN);
  ASSERT_THAT(loaded.refusals, IsEmpty());
  const rl_strategy& strategy = *loaded.plugin->strategies[0];
  rl_host host{};
  host.struct_size = sizeof host;
  host.cancel = &cancel_one;
  host.log = &hear;
  void* self = strategy.create(&host, &strategy.params[0]->default_value);
  ASSERT_NE(self, nullptr);
  const std::array orders{later_order(7, RL_REDUCE_ONLY, -3), later_order(9, 0, 0.5)};
  const std::array pointers{&orders[0].known, &orders[1].known};
  rl_account account{};
  account.struct_size = sizeof account;
  account.open_order_count = pointers.size();
  account.open_orders = pointers.data();
  rl_series series{};
  series.count = 5;
  const rl_step step{.struct_size = sizeof step,
                     .series_count = 1,
                     .series = &series,
                     .now_ns = 0,
                     .account = &account};
  EXPECT_EQ(strategy.on_bar(self, &step), RL_OK);
  strategy.destroy(self);
  EXPECT_THAT(heard, ElementsAre("order 7 of kind 1, flags 1: -3 units",
                                 "order 9 of kind 1, flags 0: 0.5 units"));
  EXPECT_EQ(cancelled, 9u);
}

// ---- A host of the first release, whatever this one has grown to

constexpr std::uint32_t kHostSize = 64;
constexpr std::uint32_t kAccountSize = 48;
constexpr std::uint32_t kStepSize = 32;

int submitted = 0;

rl_status count_order(const rl_host* /*host*/, const rl_order* order, std::uint64_t* order_id) {
  EXPECT_GE(order->struct_size, 88u);
  *order_id = static_cast<std::uint64_t>(++submitted);
  return RL_OK;
}
rl_status cancel_nothing(const rl_host* /*host*/, std::uint64_t /*order_id*/) {
  return RL_REJECTED;
}
void log_nothing(const rl_host* /*host*/, std::int32_t /*level*/, const char* /*text*/) {}
void explain_nothing(const rl_host* /*host*/, const char* /*text*/) {}
const void* no_extension(const rl_host* /*host*/, const char* /*id*/) { return nullptr; }

TEST(Versions, AStrategyOfTodayRunsInAHostOfTheFirstRelease) {
  const LoadedPlugin loaded = load_plugin(SMA_CROSS);
  ASSERT_THAT(loaded.refusals, IsEmpty());
  const rl_strategy& strategy = *find_strategy(*loaded.plugin, "sma_cross");
  const rl_host host{.struct_size = kHostSize,
                     .abi_minor = 0,
                     .context = nullptr,
                     .seed = 0,
                     .submit = &count_order,
                     .cancel = &cancel_nothing,
                     .log = &log_nothing,
                     .explain = &explain_nothing,
                     .extension = &no_extension};
  std::vector<rl_value> values;
  for (std::size_t i = 0; i < strategy.param_count; ++i)
    values.push_back(strategy.params[i]->default_value);
  void* self = strategy.create(&host, values.data());
  ASSERT_NE(self, nullptr);
  rl_account account{};
  account.struct_size = kAccountSize;
  std::vector<double> prices(60, 10.0);
  for (std::size_t i = 40; i < prices.size(); ++i) prices[i] = 11;
  const PaddedBars padded = daily(prices);
  const BarColumns bars = padded.columns();
  rl_series series{.count = 0,
                   .close_time_ns = bars.close_time.data(),
                   .open = bars.open.data(),
                   .high = bars.high.data(),
                   .low = bars.low.data(),
                   .close = bars.close.data(),
                   .volume = bars.volume.data(),
                   .position = 0};
  const rl_step step{.struct_size = kStepSize,
                     .series_count = 1,
                     .series = &series,
                     .now_ns = 0,
                     .account = &account};
  while (series.count < bars.size()) {
    ++series.count;
    ASSERT_EQ(strategy.on_bar(self, &step), RL_OK);
  }
  strategy.destroy(self);
  EXPECT_EQ(submitted, 1);
}

}  // namespace
}  // namespace runledger::test
