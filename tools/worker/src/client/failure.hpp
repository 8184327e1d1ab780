#pragma once

#include <string>
#include <string_view>

#include <runledger/worker/outcome.hpp>
#include <runledger/worker/worker.hpp>

#include "process.hpp"

namespace runledger::worker {

// What was under way, to tell a failure by.
struct CallContext {
  std::filesystem::path program;
  std::filesystem::path plugin;
  std::string plugin_name;           // for people
  std::string strategy;              // short name; empty when a plugin is described
  const SharedBars* bars = nullptr;  // or null
  std::chrono::milliseconds timeout{0};
  std::uint64_t memory_limit = 0;
};

// How a worker was lost.
RunFailure tell_loss(const Loss& loss, const CallContext& context);

// A run that the worker itself tells to have failed.
RunFailure tell_failed_run(const schema::RunReplyT& reply, const CallContext& context,
                           const std::string& title);

// A run that the worker tells to have completed, of which it sent not all: see lacking().
RunFailure tell_incomplete_run(const schema::RunReplyT& reply, std::string_view lacks);

}  // namespace runledger::worker
