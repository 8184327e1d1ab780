#pragma once

#include <string_view>

#include <runledger/schemas/worker_generated.h>

namespace runledger::worker {

// What a reply that tells of a completed run lacks to be one, to follow "without": "its result
// digest". Empty when it lacks nothing. `want_result`: the canonical result was asked for.
std::string_view lacking(const schema::RunReplyT& reply, bool want_result);

}  // namespace runledger::worker
