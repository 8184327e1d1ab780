#pragma once

#include "status.hpp"

namespace runledger::worker {

// From now on this process leaves an EndRecord in `status` when it ends by a signal, exit or
// std::terminate, and when SIGUSR2 asks where it is. The handlers have a stack of their own, so
// that a stack overflow is told too.
//
// Threads: once, by the main thread. `status` outlives the process.
void leave_last_words(WorkerStatus& status);

// To be called once before any fork: what the handlers need is loaded then, and not in the handler.
void prepare_last_words();

}  // namespace runledger::worker
