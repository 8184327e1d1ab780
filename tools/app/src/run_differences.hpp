#pragma once

#include <string>
#include <vector>

#include <runledger/schemas/event_generated.h>

namespace runledger::app {

// What of `spec` is not as in `parent`: parameters first, then options by their CLI names, then
// `plugin` and `data` as digests. Absent values are empty texts.
std::vector<schema::OverrideT> differences(const schema::RunSpecT& parent,
                                           const schema::RunSpecT& spec);

}  // namespace runledger::app
