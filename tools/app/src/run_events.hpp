#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <runledger/app/context.hpp>
#include <runledger/ledger/ledger.hpp>
#include <runledger/schemas/event_generated.h>
#include <runledger/worker/outcome.hpp>

#include "catalog.hpp"
#include "runtime.hpp"

namespace runledger::app {

using Events = std::vector<ledger::PendingEvent>;

// What came of a run, as it is stored.
schema::RunCompletedT run_completed(schema::RunSpecT spec, std::size_t bars,
                                    schema::RunReplyT reply);
schema::RunFailedT run_failed(schema::RunSpecT spec, worker::RunFailure failure);

// Leaves of the settings the size that had an effect. False: the run's own size had none, since
// every order carried one.
bool record_size(schema::RunSettingsT& settings, schema::OrderSizes sizes);

// Adds the events that introduce the plugin and the runtime, and makes their blobs durable: also
// those of events that are there, for a blob may have been lost since.
Status introduce(const Context& context, const ledger::Reader& reader,
                 const DescribedPlugin& plugin, const schema::RunSpecT& spec,
                 const Runtime& runtime, const std::string& request_id, Events& events);
// The runtime alone, with the engine and the environment of `spec`.
Status introduce_runtime(const Context& context, const ledger::Reader& reader,
                         const schema::RunSpecT& spec, const Runtime& runtime,
                         const std::string& request_id, Events& events);

}  // namespace runledger::app
