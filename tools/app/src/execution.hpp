#pragma once

#include <runledger/app/context.hpp>
#include <runledger/base/result.hpp>
#include <runledger/schemas/event_generated.h>
#include <runledger/worker/shared_bars.hpp>
#include <runledger/worker/worker.hpp>

#include "plugin_files.hpp"

namespace runledger::app {

struct ExecutionWants {
  bool result = false;  // the canonical bytes
  bool log = false;
};

// Executes what `spec` says: the one way in which a run, a replay and a recomputation execute, so
// that the same inputs give the same digest from every door. `plugin` holds the bytes that
// spec.plugin names, `bars` the bars from spec.start to spec.end of its dataset.
//
// Errors: interrupted, not_found and io (the worker program); what the plugin does is an outcome.
Result<worker::RunOutcome> execute(const Context& context, worker::Worker& worker,
                                   const schema::RunSpecT& spec, const PluginFile& plugin,
                                   const worker::SharedBars& bars, ExecutionWants wants);

// What `execute` asks of the worker. Borrows `context` and `bars`.
worker::RunCall call_of(const Context& context, const schema::RunSpecT& spec,
                        const PluginFile& plugin, const worker::SharedBars& bars,
                        ExecutionWants wants);

// The bars of a run in memory that workers share. Errors: too_large, io.
Result<worker::SharedBars> bars_of_run(Bars bars, const schema::RunSpecT& spec);

}  // namespace runledger::app
