#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <runledger/ledger/ledger.hpp>

namespace runledger::ledger::test {

// What was found, but for the inputs of runs: those of run_event() are registered by no event.
inline std::vector<Finding> damage_in(const Verification& verification) {
  std::vector<Finding> damage;
  std::ranges::copy_if(
      verification.findings, std::back_inserter(damage), [](const Finding& finding) {
        return finding.message.find(", which no event before it ") == std::string::npos;
      });
  return damage;
}

}  // namespace runledger::ledger::test
