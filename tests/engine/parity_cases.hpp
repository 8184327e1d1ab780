#pragma once

#include <functional>
#include <string>

#include <nlohmann/json.hpp>

#include "support.hpp"

namespace runledger::test {

// Runs the strategy under test with the parameters of one recorded case.
using ParityRunner = std::function<Outcome(const nlohmann::json& parameters, const PaddedBars& bars,
                                           const Settings& settings)>;

// Expects the runs, under the reference account, to equal the recorded results of the old system
// bit for bit: every trade, refusal, equity value, the open position, drawdown and cash. There must
// be `count` cases.
//
// Those of the repository, on synthetic data:
void expect_golden_parity(const std::string& strategy, std::size_t count,
                          const ParityRunner& runner);
// Those beside the repository, on real prices; skips the test where they are absent.
void expect_shared_parity(const std::string& strategy, std::size_t count,
                          const ParityRunner& runner);

}  // namespace runledger::test
