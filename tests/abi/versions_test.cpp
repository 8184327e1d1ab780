// Plugins and hosts of unlike versions.
#include <cstddef>

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
  ASSERT_EQ(result.fills.size(), 1u);
  EXPECT_EQ(result.fills[0].quantity, 2);
  ASSERT_EQ(result.log.size(), 2u);
  EXPECT_EQ(result.log[0].text, "bought");
  EXPECT_EQ(result.log[1].text, "rich");
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
