#pragma once

#include <atomic>

namespace runledger::cli {

// Set by the first Ctrl-C (or SIGTERM), for operations to end in good order; the second one ends
// the process at once, with status 130.
std::atomic<bool>& interrupted_flag();

// Ctrl-C sets the flag; writing to a closed pipe or beyond a file size limit fails instead of
// killing; descriptors 0 to 2 are open, so that no file of ours becomes one of them.
void prepare_process();

}  // namespace runledger::cli
