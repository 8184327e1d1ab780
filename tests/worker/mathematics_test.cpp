// exp, log and pow give the same bits on processors with FMA and without.
#include <bit>
#include <cmath>
#include <cstdint>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "support.hpp"

namespace runledger::test {
namespace {

// As tells_bits_of_functions does in the plugin.
std::string bits_here() {
  std::uint64_t hash = 0;
  for (int i = 1; i <= 20'000; ++i) {
    const double x = 0.001 * i;
    for (const double y : {std::exp(x), std::log(x), std::pow(x, 1.7), std::sin(x)}) {
      hash = (hash ^ std::bit_cast<std::uint64_t>(y)) * 0x100000001b3ULL;
    }
  }
  return fmt::format("{:016x}", hash);
}

std::string bits_in_worker() {
  worker::Worker worker(worker_options());
  auto call = call_of(THROWING, "tells_bits_of_functions");
  call.want_log = true;
  const auto reply = completed(worker, call);
  return reply.log.empty() ? "" : reply.log[0]->text;
}

TEST(Mathematics, IsNotThatOfFmaInAWorker) {
  if (__builtin_cpu_supports("fma") == 0 || __builtin_cpu_supports("avx2") == 0) {
    EXPECT_EQ(bits_in_worker(), bits_here());
    return;
  }
  // The C library here takes its variants for FMA; in a worker it must not.
  EXPECT_NE(bits_in_worker(), bits_here());
}

TEST(Mathematics, IsTheSameInEveryWorker) { EXPECT_EQ(bits_in_worker(), bits_in_worker()); }

}  // namespace
}  // namespace runledger::test
