#include "run_events.hpp"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include <runledger/engine/settings.hpp>
#include <runledger/ledger/blobs.hpp>
#include <runledger/worker/run_settings.hpp>

#include "event_building.hpp"

namespace runledger::app {
namespace {

schema::PluginRegisteredT plugin_registered(const DescribedPlugin& plugin,
                                            const schema::RunSpecT& spec) {
  schema::PluginRegisteredT event;
  event.plugin = stored(plugin.content.digest);
  event.file_name = plugin.content.name;
  event.size = plugin.content.bytes.size();
  event.abi_minor = plugin.description.abi_minor;
  event.source = std::make_unique<schema::SourceT>(*spec.source);
  // By name: what is in the library does not depend on what this version can run of it.
  for (const auto* strategies : {&plugin.description.strategies, &plugin.unserved}) {
    for (const auto& strategy : *strategies) {
      auto info = std::make_unique<schema::StrategyInfoT>();
      info->name = strategy->name;
      info->title = strategy->title;
      info->id = strategy->id;
      info->version = strategy->version;
      info->doc = strategy->doc;
      event.strategies.push_back(std::move(info));
    }
  }
  std::ranges::sort(event.strategies, {},
                    [](const auto& info) { return std::string_view(info->name); });
  return event;
}

schema::EngineRegisteredT engine_registered(const Runtime& runtime, const schema::RunSpecT& spec) {
  schema::EngineRegisteredT event;
  event.engine = spec.engine;
  event.runtime = stored(runtime.digest);
  event.version = RL_VERSION;
  event.protocol = worker::kProtocolVersion;
  for (const RuntimeFile& file : runtime.files) {
    auto entry = std::make_unique<schema::RuntimeFileT>();
    entry->path = file.path;
    entry->digest = stored(file.digest);
    entry->size = file.size;
    entry->name = file.name;
    entry->role = file.role;
    event.files.push_back(std::move(entry));
  }
  event.environment = std::make_unique<schema::EnvironmentT>(*spec.environment);
  return event;
}

}  // namespace

schema::RunCompletedT run_completed(schema::RunSpecT spec, std::size_t bars,
                                    schema::RunReplyT reply) {
  schema::RunCompletedT event;
  event.spec = std::make_unique<schema::RunSpecT>(std::move(spec));
  event.metrics = std::move(reply.metrics);
  event.metrics_version = reply.metrics_version;
  event.rules_version = reply.rules_version;
  event.result_digest = std::move(reply.result_digest);
  event.decision_digest = std::move(reply.decision_digest);
  event.bars = bars;
  event.orders = reply.orders;
  event.fills = reply.fills;
  event.refusals = reply.refusals;
  event.first_refusal = std::move(reply.first_refusal);
  event.bankrupt = reply.bankrupt;
  event.ambiguities = reply.ambiguities;
  event.margin_calls = reply.margin_calls;
  event.borrow_fees = reply.borrow_fees;
  event.interest = reply.interest;
  event.log_lines = reply.log_lines;
  event.wall_ns = reply.wall_ns;
  return event;
}

schema::RunFailedT run_failed(schema::RunSpecT spec, worker::RunFailure failure) {
  schema::RunFailedT event;
  event.spec = std::make_unique<schema::RunSpecT>(std::move(spec));
  event.reason = failure.reason;
  event.message = std::move(failure.message);
  event.signal = failure.signal;
  if (failure.exit_status) event.exit_status = *failure.exit_status;
  event.call = failure.call;
  if (failure.bar) event.bar = *failure.bar;
  if (failure.bar_time) event.bar_time = *failure.bar_time;
  event.frames = std::move(failure.frames);
  event.log = std::move(failure.output);
  event.log_dropped = failure.output_dropped;
  event.wall_ns = failure.wall_ns;
  return event;
}

bool record_size(schema::RunSettingsT& settings, schema::OrderSizes sizes) {
  if (sizes == schema::OrderSizes::run && !settings.sizing)
    settings.sizing = std::move(worker::stored_settings(Settings{}).sizing);
  if (sizes != schema::OrderSizes::strategy) return true;
  settings.sizing.reset();
  return false;
}

Status introduce(const Context& context, const ledger::Reader& reader,
                 const DescribedPlugin& plugin, const schema::RunSpecT& spec,
                 const Runtime& runtime, const std::string& request_id, Events& events) {
  const ledger::BlobStore blobs(context.ledger);
  RL_TRY(const auto plugin_known, reader.plugin_event(plugin.content.digest));
  if (!plugin_known || !blobs.contains(plugin.content.digest)) {
    RL_TRY([[maybe_unused]] const Digest name, blobs.put(plugin.content.bytes));
  }
  if (!plugin_known) {
    events.push_back(make_event(companion_request_id(request_id, "plugin"), context.actor,
                                plugin_registered(plugin, spec)));
  }
  return introduce_runtime(context, reader, spec, runtime, request_id, events);
}

Status introduce_runtime(const Context& context, const ledger::Reader& reader,
                         const schema::RunSpecT& spec, const Runtime& runtime,
                         const std::string& request_id, Events& events) {
  RL_TRY(const auto runtime_known, reader.runtime_event(runtime.digest));
  RL_TRY_VOID(keep_runtime(ledger::BlobStore(context.ledger), runtime));
  if (!runtime_known) {
    events.push_back(make_event(companion_request_id(request_id, "runtime"), context.actor,
                                engine_registered(runtime, spec)));
  }
  return {};
}

}  // namespace runledger::app
