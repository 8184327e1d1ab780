#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <runledger/app/backtest.hpp>
#include <runledger/app/context.hpp>
#include <runledger/ledger/ledger.hpp>
#include <runledger/schemas/event_generated.h>
#include <runledger/worker/shared_bars.hpp>
#include <runledger/worker/worker.hpp>

#include "catalog.hpp"

namespace runledger::app {

// A run that is about to happen.
struct RunPlan {
  ChosenStrategy chosen;  // the plugin's bytes, and what it says about itself
  schema::RunSpecT spec;  // all that is recorded, but for the runtime and the environment
  worker::SharedBars bars;
  std::optional<std::string> size_asked;      // `--size` as typed
  std::vector<std::string> parameters_asked;  // names
  bool data_asked = false;                    // by `--data`; else it is the newest, or the parent's
  std::string resampling;  // one sentence when the bars are made from shorter ones; else empty
};

// The run that is replayed.
struct ParentRun {
  Seq id{};
  schema::RunSpecT spec;
};

// Turns options into a plan; what an option leaves open is the parent's, or usual.
// Errors: those of backtest().
Result<RunPlan> plan_run(const Context& context, const ledger::Reader& reader,
                         worker::Worker& worker, const RunOptions& options);
Result<RunPlan> plan_replay(const Context& context, const ledger::Reader& reader,
                            worker::Worker& worker, const ParentRun& parent,
                            const ReplayOptions& options);

// `replay of 41: fast 10 -> 20; same plugin, same data`
std::string replay_sentence(const ParentRun& parent, const schema::RunSpecT& spec);

}  // namespace runledger::app
