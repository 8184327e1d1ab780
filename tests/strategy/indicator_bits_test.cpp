// The indicators give the same bits whatever the optimisation and the width of the vectors.
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "program.hpp"

namespace runledger::test {
namespace {

std::string golden_bits() {
  std::ifstream file(std::string(RL_SOURCE_DIR) + "/tests/golden/indicator_bits.txt");
  return {std::istreambuf_iterator<char>(file), {}};
}

void expect_golden(const std::string& program) {
  const Outcome outcome = run_to_end({.words = {program}, .directory = "/", .environment = {}});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out, golden_bits());
  EXPECT_EQ(outcome.err, "");
}

TEST(IndicatorBits, AreTheRecordedOnesWithoutOptimisation) { expect_golden(BITS_PLAIN); }

TEST(IndicatorBits, AreTheRecordedOnesWithVectorsAndFusedInstructionsAtHand) {
  if (__builtin_cpu_supports("avx2") == 0 || __builtin_cpu_supports("fma") == 0)
    GTEST_SKIP() << "this processor has no AVX2 and FMA";
  expect_golden(BITS_WIDE);
}

}  // namespace
}  // namespace runledger::test
