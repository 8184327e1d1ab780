#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "support.hpp"

namespace runledger::test {

// One recorded case, to be run by the strategy under test.
struct ParityCall {
  const nlohmann::json& parameters;
  const PaddedBars& bars;
  const Settings& settings;
  // Takes the values of indicators that the strategy publishes, if it does.
  std::function<void(std::uint64_t bar, const char* name, double value)> publish;
};
using ParityRunner = std::function<Outcome(const ParityCall& call)>;

struct ParityStrategy {
  std::string name;  // the file's, without `.json`
  ParityRunner run;
  // Under which name it publishes each indicator that was sampled; none: they are not compared.
  std::map<std::string, std::string, std::less<>> published_as = {};
};

// Expects the runs, under the reference account, to equal the recorded results of the old system
// bit for bit: every trade, refusal, equity value, the open position, drawdown, cash and every
// indicator value that was sampled. There must be `count` cases.
//
// Those of the repository, on synthetic data; in place of `equity` they have `equity_sha256`, of
// its values as little-endian doubles:
void expect_golden_parity(const ParityStrategy& strategy, std::size_t count);
// Those beside the repository, on real prices too; skips the test where they are absent.
void expect_shared_parity(const ParityStrategy& strategy, std::size_t count);

}  // namespace runledger::test
