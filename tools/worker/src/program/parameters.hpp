#pragma once

#include <expected>
#include <string>
#include <vector>

#include <runledger/schemas/worker_generated.h>
#include <runledger/strategy_abi.h>

namespace runledger::worker {

using SentParameters = flatbuffers::Vector<flatbuffers::Offset<schema::Parameter>>;

// The values of a request in the form and order that `strategy` declares, or a sentence about the
// first that is missing, unknown, of another type or out of its bounds.
std::expected<std::vector<rl_value>, std::string> bind_parameters(const rl_strategy& strategy,
                                                                  const SentParameters* sent);

// A declared value as it is stored.
schema::ParameterValue stored_value(const rl_value& value);

}  // namespace runledger::worker
