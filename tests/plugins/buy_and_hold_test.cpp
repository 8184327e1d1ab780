#include <gtest/gtest.h>

#include "plugin_run.hpp"

namespace runledger::test {
namespace {

TEST(BuyAndHold, BuysAtTheSecondOpenAndNeverSells) {
  Settings settings;
  settings.cash = 1'000;
  const RunResult result = run_plugin("buy_and_hold", {}, daily({10, 10, 5, 40}), settings).value();
  ASSERT_EQ(result.orders.size(), 1u);
  EXPECT_EQ(result.orders[0].reason, "first bar");
  ASSERT_EQ(result.trades.size(), 1u);
  EXPECT_EQ(result.trades[0].entry_bar, 1u);
  EXPECT_FALSE(result.trades[0].exit_bar.has_value());
  EXPECT_EQ(result.final_position, 95);
  EXPECT_EQ(result.equity.back(), 50 + 95 * 40);
}

TEST(BuyAndHold, DoesNotAskAgainWhenItWasRefused) {
  Settings settings;
  settings.cash = 1'000;
  const RunResult result =
      run_plugin("buy_and_hold", {}, daily({10, 20, 10, 10}), settings).value();
  EXPECT_EQ(result.refusals.size(), 1u);
  EXPECT_EQ(result.orders.size(), 1u);
}

}  // namespace
}  // namespace runledger::test
