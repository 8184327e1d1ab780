#include <gtest/gtest.h>

#include "parity_cases.hpp"
#include "plugin_run.hpp"

namespace runledger::test {
namespace {

Outcome run_case(const nlohmann::json& parameters, const PaddedBars& bars,
                 const Settings& settings) {
  return run_plugin("bollinger_bands_strategy", parameters.get<Parameters>(), bars, settings);
}

TEST(BollingerBands, OnTheStressDataEqualsTheOldSystemBitForBit) {
  expect_golden_parity("bollinger_bands_strategy", 3, &run_case);
}

TEST(BollingerBands, OnRealPricesEqualsTheOldSystemBitForBit) {
  expect_shared_parity("bollinger_bands_strategy", 9, &run_case);
}

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
  EXPECT_THROW(run_plugin("bollinger_bands_strategy", {{"period", 0}}, daily({1, 2})),
               std::invalid_argument);
}

}  // namespace
}  // namespace runledger::test
