#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <runledger/base/types.hpp>
#include <runledger/schemas/worker_generated.h>

namespace runledger::worker {

// How a call into a plugin came to nothing, as it is told to a person and recorded.
struct RunFailure {
  schema::FailureReason reason = schema::FailureReason::worker_lost;
  // One sentence: "SIGSEGV in sma_cross::on_bar at bar 1234 (2009-03-02): it read address 0x10."
  std::string message;
  int signal = 0;                  // that ended the worker; 0: none did
  std::optional<int> exit_status;  // of a worker that exited
  schema::PluginCall call = schema::PluginCall::none;
  std::optional<std::uint64_t> bar;  // counts from the run's first bar
  std::optional<TimeNs> bar_time;    // its label
  std::vector<std::string> frames;   // of the stack, innermost first
  std::string output;                // the last of what the plugin logged and printed, capped
  std::uint64_t output_dropped = 0;  // bytes before that
  std::int64_t wall_ns = 0;
};

using RunOutcome = std::expected<schema::RunReplyT, RunFailure>;
using DescribeOutcome = std::expected<schema::DescribeReplyT, RunFailure>;

// What came of trials, in the order in which they were asked for.
struct BatchOutcome {
  std::vector<RunOutcome> runs;
  // What was loaded for those whose own `loaded` is empty.
  std::vector<std::unique_ptr<schema::LoadedFileT>> loaded;
};

}  // namespace runledger::worker
