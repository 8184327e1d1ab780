#pragma once

#include <runledger/base/fd.hpp>

namespace runledger::worker {

// Keeps worker processes for one client: starts one when told to, reports its end, and leaves no
// process behind that it started. The client's process is not the parent of what a plugin runs in,
// so a plugin that signals its parent meets this; another process, this one's parent, ends what is
// left when it was killed. Returns in both, when the client is gone.
//
// Threads: none; a worker is a fork of this process as it was at its start.
void keep_workers(Fd control);

// Maps the status file for good. Null when it is not one.
struct WorkerStatus;
WorkerStatus* map_status(const Fd& file);

}  // namespace runledger::worker
