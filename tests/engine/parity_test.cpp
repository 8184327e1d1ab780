// The engine under the reference account, driven by rules written anew, against the recorded
// results of the old system.
#include <gtest/gtest.h>

#include "bollinger_rules.hpp"
#include "parity_cases.hpp"

namespace runledger::test {
namespace {

const ParityStrategy& bollinger() {
  static const ParityStrategy strategy{
      .name = "bollinger_bands_strategy", .run = [](const ParityCall& call) {
        Script script =
            bollinger_rules(call.parameters.at("period"), call.parameters.at("devfactor"));
        return run(script, call.bars, call.settings);
      }};
  return strategy;
}

TEST(Parity, BollingerOnTheStressDataEqualsTheOldSystemBitForBit) {
  expect_golden_parity(bollinger(), 3);
}

TEST(Parity, BollingerOnRealPricesEqualsTheOldSystemBitForBit) {
  expect_shared_parity(bollinger(), 9);
}

}  // namespace
}  // namespace runledger::test
