// What holds for every strategy that is installed.
#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugin_run.hpp"

namespace runledger::test {
namespace {

class EveryStrategy : public testing::TestWithParam<std::string> {
 protected:
  static const std::string& name() { return GetParam(); }
  static bool needs_volume() {
    static const std::set<std::string> those{"cmf_atr_macd_strategy", "mfi_strategy",
                                             "momentum_multi_strategy", "tema_crossover_strategy"};
    return those.contains(name());
  }
  // Only one buys whatever the prices do.
  static std::size_t orders_without_cause() { return name() == "buy_and_hold" ? 1 : 0; }
  // Under the account that never ends a run early.
  static RunResult run_on(const PaddedBars& bars,
                          const std::function<void(RunInputs&)>& adjust = {}) {
    Settings settings;
    settings.account = AccountKind::reference;
    return run_plugin(name(), {}, bars, settings, adjust).value();
  }
};

// 1,500 bars with gaps, ties and long moves.
const Bars& stress_bars() {
  static const Bars bars =
      read_daily_csv(std::string(RL_SOURCE_DIR) + "/tests/golden/parity/stress-dev.csv");
  return bars;
}

Bars first(std::size_t count, Bars bars) {
  bars.label.resize(count);
  for (auto* column : {&bars.open, &bars.high, &bars.low, &bars.close, &bars.volume})
    column->resize(count);
  return bars;
}

struct Decision {
  std::uint64_t bar;
  std::uint32_t size_mode;
  double quantity;
  std::string reason;
  bool operator==(const Decision&) const = default;
};

std::vector<Decision> decisions_before(std::uint64_t end, const RunResult& result) {
  std::vector<Decision> decisions;
  for (const OrderRecord& order : result.orders)
    if (order.bar < end)
      decisions.push_back({order.bar, order.size_mode, order.quantity, order.reason});
  return decisions;
}

TEST_P(EveryStrategy, DecidesTheSameWhenTheDataEndsEarlier) {
  const RunResult whole = run_on(PaddedBars(stress_bars()));
  for (const std::size_t count : {60u, 250u, 777u, 1'499u}) {
    const RunResult cut = run_on(PaddedBars(first(count, stress_bars())));
    EXPECT_EQ(decisions_before(count, cut), decisions_before(count, whole)) << count;
  }
}

TEST_P(EveryStrategy, DecidesTheSameWhenItsLinesAreAskedFor) {
  const PaddedBars bars(stress_bars());
  std::size_t values = 0;
  const RunResult asked = run_on(bars, [&](RunInputs& inputs) {
    inputs.publish = [&](std::uint64_t, const char*, double) { ++values; };
  });
  EXPECT_EQ(result_digest(asked), result_digest(run_on(bars)));
  EXPECT_EQ(values % bars.size(), 0u) << "each line has a value for each bar";
  EXPECT_EQ(values > 0, name() != "buy_and_hold");
}

TEST_P(EveryStrategy, TakesDataThatIsShorterThanItsIndicators) {
  for (const std::size_t count : {1u, 2u, 3u})
    EXPECT_EQ(run_on(PaddedBars(first(count, stress_bars()))).orders.size(), orders_without_cause())
        << count;
}

TEST_P(EveryStrategy, HasNothingToDoWhilePricesStandStill) {
  EXPECT_EQ(run_on(daily(std::vector<double>(400, 25.0))).orders.size(), orders_without_cause());
}

TEST_P(EveryStrategy, TakesDataWithoutVolume) {
  Bars bars = stress_bars();
  std::ranges::fill(bars.volume, std::numeric_limits<double>::quiet_NaN());
  const RunResult without = run_on(PaddedBars(bars));
  if (needs_volume()) {
    EXPECT_TRUE(without.orders.empty());
    ASSERT_EQ(without.log.size(), 1u);
    EXPECT_EQ(without.log[0].text,
              "the data has no volume, and this strategy does not trade without");
  } else {
    EXPECT_TRUE(without.log.empty());
    EXPECT_EQ(result_digest(without), result_digest(run_on(PaddedBars(stress_bars()))));
  }
}

TEST_P(EveryStrategy, RunsAtTheBoundsOfEachParameter) {
  const rl_strategy& strategy = installed_strategy(name());
  const PaddedBars bars(first(300, stress_bars()));
  for (std::size_t i = 0; i < strategy.param_count; ++i) {
    const rl_param& param = *strategy.params[i];
    for (const auto& [bound, outwards] : {std::pair(param.min, -1), std::pair(param.max, 1)}) {
      const double value = bound.type == RL_REAL ? bound.as.f : static_cast<double>(bound.as.i);
      const Outcome outcome = run_plugin(name(), {{param.name, value}}, bars);
      const bool is_refused = !outcome && name() == "sma_cross" &&
                              outcome.error().message == "fast must be smaller than slow";
      EXPECT_TRUE(outcome || is_refused) << param.name << " = " << value;
      if (bound.type == RL_REAL) continue;
      const double beyond = value + outwards;
      EXPECT_THROW((void)run_plugin(name(), {{param.name, beyond}}, bars), std::invalid_argument)
          << param.name << " = " << beyond;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Installed, EveryStrategy, testing::ValuesIn(installed_strategies()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace runledger::test
