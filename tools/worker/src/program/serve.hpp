#pragma once

#include <runledger/base/fd.hpp>

#include "status.hpp"

namespace runledger::worker {

inline constexpr int kExitClosed = 0;    // the client hung up
inline constexpr int kExitRetired = 10;  // something outlived a run; the reply said what
inline constexpr int kExitChannel = 11;  // the channel could not be used
inline constexpr int kExitRequest = 12;  // a request was not well formed

// Answers requests until there are no more, or until this process is no longer as it was. Returns
// the exit status. PROTOCOL.md, "Requests".
int serve(Fd channel, WorkerStatus& status);

}  // namespace runledger::worker
