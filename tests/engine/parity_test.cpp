// The engine under the reference account, driven by rules written anew, against the recorded
// results of the old system.
#include <gtest/gtest.h>

#include "bollinger_rules.hpp"
#include "parity_cases.hpp"

namespace runledger::test {
namespace {

Outcome run_rules(const nlohmann::json& parameters, const PaddedBars& bars,
                  const Settings& settings) {
  Script script = bollinger_rules(parameters.at("period"), parameters.at("devfactor"));
  return run(script, bars, settings);
}

TEST(Parity, BollingerOnTheStressDataEqualsTheOldSystemBitForBit) {
  expect_golden_parity("bollinger_bands_strategy", 3, &run_rules);
}

TEST(Parity, BollingerOnRealPricesEqualsTheOldSystemBitForBit) {
  expect_shared_parity("bollinger_bands_strategy", 9, &run_rules);
}

}  // namespace
}  // namespace runledger::test
