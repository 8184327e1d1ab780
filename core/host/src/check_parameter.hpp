#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <runledger/strategy_abi.h>

#include "findings.hpp"

namespace runledger {

// What is found of one strategy: `broken` breaks the contract, `unserved` asks for what a later
// version has.
struct StrategyFindings {
  Findings broken, unserved;
};

// Checks entry `number`, from 1, of the parameter table of `strategy`. Returns the parameter's
// name, empty when it has none that can be used.
std::string_view check_parameter(const rl_param* param, std::size_t number,
                                 const std::string& strategy, StrategyFindings& findings);

// Order and distance of two values of one type; the values are finite.
bool is_less(const rl_value& a, const rl_value& b);
// As people read it.
std::string value_text(const rl_value& value);

}  // namespace runledger
