#pragma once

#include <runledger/base/fd.hpp>

namespace runledger::worker {

// Moves a descriptor to a high number that is not easily guessed, so that a plugin that writes to
// or closes the low ones does not meet it. Close-on-exec. As it was when none is free.
Fd to_high_fd(Fd fd);

}  // namespace runledger::worker
