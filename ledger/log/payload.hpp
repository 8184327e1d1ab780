#pragma once

#include <runledger/base/result.hpp>
#include <runledger/schemas/event_generated.h>

namespace runledger::ledger {

// Whether the event says by whom, and carries all that its kind must, so that whoever reads it
// later finds what it looks for. What only the ledger can tell, such as whether a run that is named
// exists, project() checks.
//
// Errors: invalid_input = something is missing, or contradicts itself. too_large = a text of the
//         indexes. unsupported = a kind or a value of a newer version.
// Format: ledger/FORMAT.md, "Events".
Status check_content(const schema::Event& event);

}  // namespace runledger::ledger
