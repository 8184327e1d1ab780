#pragma once

#include <runledger/base/fd.hpp>
#include <runledger/schemas/worker_generated.h>

#include "held_plugin.hpp"
#include "process_state.hpp"
#include "shown_bars.hpp"
#include "status.hpp"

namespace runledger::worker {

// What a worker has at hand for its runs.
struct RunContext {
  WorkerStatus& status;
  HeldPlugin& plugin;
  ShownBars& bars;
  const ProcessState& at_start;
  int log_fd;  // where lines go that must outlive a crash
};

// Executes a run and tells how it went.
schema::RunReplyT execute(const schema::RunRequest& request, Fd bars, RunContext& context);
// Executes the trials one after the other. The state of the process is compared once, after all.
schema::RunBatchReplyT execute(const schema::RunBatchRequest& request, Fd bars,
                               RunContext& context);

}  // namespace runledger::worker
