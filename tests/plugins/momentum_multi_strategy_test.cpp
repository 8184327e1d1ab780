// What no recorded case of the old system tells apart.
#include <gtest/gtest.h>

#include "plugin_run.hpp"

namespace runledger::test {
namespace {

// One rise and one equal fall: an RSI of exactly 50, a falling on-balance volume, and a rate of
// change below the negative of a threshold of -1.
std::size_t orders_with(double rsi_min, double rsi_max) {
  return run_plugin("momentum_multi_strategy",
                    {{"roc_period", 1},
                     {"roc_threshold", -1},
                     {"rsi_period", 2},
                     {"rsi_min", rsi_min},
                     {"rsi_max", rsi_max}},
                    daily({10, 11, 10}))
      .value()
      .orders.size();
}

TEST(MomentumMulti, EntersOnlyWithAnRsiInsideItsBounds) {
  EXPECT_EQ(orders_with(49, 51), 1u);
  EXPECT_EQ(orders_with(50, 51), 0u) << "the bounds themselves are outside";
  EXPECT_EQ(orders_with(49, 50), 0u);
}

}  // namespace
}  // namespace runledger::test
