#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <runledger/base/result.hpp>
#include <runledger/strategy_abi.h>

namespace runledger {

// Limits of what a plugin may declare.
inline constexpr std::size_t kStrategiesMax = 256;  // in one library
inline constexpr std::size_t kParametersMax = 256;  // of one strategy
inline constexpr std::size_t kChoicesMax = 256;     // of one parameter
inline constexpr std::size_t kNameBytesMax = 64;    // of a strategy, parameter, choice or unit
inline constexpr std::size_t kPluginTextBytesMax = 4'096;

// A strategy that asks for what a later version of the contract has: a flag, a type of parameter or
// a number of instruments that are not known here. Nothing of it but its texts may be used.
struct UnservedStrategy {
  std::string name;
  std::vector<std::string> reasons;  // a sentence each
};

struct PluginFindings {
  // Everything in the tables that breaks the contract, one sentence each, or that this host cannot
  // serve; empty: the library can be used.
  std::vector<std::string> refusals;
  // Neighbours of strategies that can be used; empty in a library that is refused. One whose
  // strategies are all unserved is refused, with their reasons.
  std::vector<UnservedStrategy> unserved;
};

// Checks the tables of `plugin`. Reads nothing behind a pointer or a size that it has found
// wanting, so that garbage makes findings and not, as far as that can be, a crash.
PluginFindings check_plugin(const rl_plugin* plugin);

// Whether `values` may be given to create of a strategy that check_plugin accepted: as many as it
// has parameters, of their types, within their bounds. Errors: invalid_input.
Status check_values(const rl_strategy& strategy, std::span<const rl_value> values);

}  // namespace runledger
