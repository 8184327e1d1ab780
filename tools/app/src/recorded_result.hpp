#pragma once

#include <runledger/engine/result.hpp>

#include "run_subject.hpp"

namespace runledger::app {

// What the run did: the bytes that are kept, or executed again, compared with the recorded digest
// and from then on kept. It has no more bars than the subject.
// Errors: as recompute().
Result<RunResult> recorded_result(const Context& context, const ledger::BlobStore& blobs,
                                  const Subject& subject);

}  // namespace runledger::app
