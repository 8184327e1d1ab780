#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <runledger/app/runs.hpp>
#include <runledger/app/strategies.hpp>
#include <runledger/base/result.hpp>
#include <runledger/schemas/worker_generated.h>

namespace runledger::app {

// A strategy's parameters: complete, in declared order.
using Parameters = std::vector<schema::ParameterT>;

// The declared defaults.
Parameters default_parameters(const schema::StrategyDescriptionT& strategy);

// `base` with the texts `name=value` set. `base` may be of another version of the strategy: names
// that are no longer declared are an error, new ones have their defaults.
//
// Errors: invalid_input, naming the parameter, what was found, the range and unit; or the nearest
//         name.
Result<Parameters> merge_parameters(const schema::StrategyDescriptionT& strategy,
                                    std::span<const schema::ParameterT> base,
                                    std::span<const std::string> texts);

// A value as `-p` takes it. Errors: invalid_input, with the range and the unit.
Result<schema::ParameterT> parse_parameter(const schema::ParameterInfoT& info,
                                           std::string_view text);
// Where a parameter stands among those declared. Errors: invalid_input, with the nearest name.
Result<std::size_t> find_parameter(const schema::StrategyDescriptionT& strategy,
                                   std::string_view name);

// `name` of a text `name=value`; all of it when there is no `=`.
std::string_view parameter_name(std::string_view text);

// The value as `-p` takes it.
std::string value_text(const schema::ParameterValue& value, std::string_view choice);
// `choice` is the label of a choice.
Value value_of(const schema::ParameterValue& value, std::string_view choice);

ParameterSummary summary_of(const schema::ParameterInfoT& info);

}  // namespace runledger::app
