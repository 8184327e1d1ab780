#include <gtest/gtest.h>

#include "plugin_run.hpp"

namespace runledger::test {
namespace {

TEST(BollingerBands, PublishesItsBandsForEachBar) {
  std::map<std::string, std::size_t> seen;
  const auto collect = [&](RunInputs& inputs) {
    inputs.publish = [&](std::uint64_t /*bar*/, const char* name, double /*value*/) {
      ++seen[name];
    };
  };
  ASSERT_TRUE(run_plugin("bollinger_bands_strategy", {}, daily({1, 2, 3}), {}, collect));
  EXPECT_EQ(seen, (std::map<std::string, std::size_t>{{"bottom", 3}, {"middle", 3}, {"top", 3}}));
}

TEST(BollingerBands, RefusesAPeriodOfNothing) {
  EXPECT_THROW((void)run_plugin("bollinger_bands_strategy", {{"period", 0}}, daily({1, 2})),
               std::invalid_argument);
}

}  // namespace
}  // namespace runledger::test
