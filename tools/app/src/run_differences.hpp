#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <runledger/schemas/event_generated.h>

namespace runledger::app {

// What of `spec` is not as in `parent`: parameters first, then options by their CLI names, then
// `plugin` and `data` as digests. Absent values are empty texts.
std::vector<schema::OverrideT> differences(const schema::RunSpecT& parent,
                                           const schema::RunSpecT& spec);

// What was asked for in `planned` and not in `recorded`, of two requests with one id. The installed
// plugin, with it the usual values of its parameters, and the end of the data may have become
// others since: of another plugin only the parameters `asked` for are compared.
std::vector<schema::OverrideT> request_differences(const schema::RunSpecT& recorded,
                                                   const schema::RunSpecT& planned,
                                                   const std::vector<std::string>& asked);

// `fast 10 -> 20`, `size none -> units:5`, `data 3fa9c1d2e4b5 -> 77aa01c2d3e4`.
std::string override_text(std::string_view name, std::string_view from, std::string_view to);
std::string override_text(const schema::OverrideT& change);

}  // namespace runledger::app
