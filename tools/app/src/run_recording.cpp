#include "run_recording.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <runledger/base/check.hpp>
#include <runledger/engine/settings.hpp>
#include <runledger/ledger/blobs.hpp>
#include <runledger/worker/run_settings.hpp>

#include "earlier_run.hpp"
#include "environment.hpp"
#include "event_building.hpp"
#include "execution.hpp"
#include "ledger_access.hpp"
#include "run_reading.hpp"
#include "runtime.hpp"

namespace runledger::app {
namespace {

using Events = std::vector<ledger::PendingEvent>;

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

schema::RunCompletedT run_completed(const RunPlan& plan, schema::RunReplyT reply) {
  schema::RunCompletedT event;
  event.spec = std::make_unique<schema::RunSpecT>(plan.spec);
  event.metrics = std::move(reply.metrics);
  event.metrics_version = reply.metrics_version;
  event.rules_version = reply.rules_version;
  event.result_digest = std::move(reply.result_digest);
  event.decision_digest = std::move(reply.decision_digest);
  event.bars = plan.bars.size();
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

schema::RunFailedT run_failed(const RunPlan& plan, worker::RunFailure failure) {
  schema::RunFailedT event;
  event.spec = std::make_unique<schema::RunSpecT>(plan.spec);
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

// A strategy that will not start with its parameters has run on no bar: there is nothing to record.
std::unexpected<Error> refused_parameters(std::string why) {
  if (why.ends_with('.')) why.pop_back();
  return fail(ErrorCode::invalid_input, why + "; nothing was recorded");
}

// What a person must know besides the figures; told once the run is durable.
using Notices = std::vector<std::string>;

// Records the size that had an effect: none when every order carried one of its own.
void settle_size(RunPlan& plan, schema::OrderSizes sizes, Notices& notices) {
  std::unique_ptr<schema::SizingT>& sizing = plan.spec.settings->sizing;
  if (sizes == schema::OrderSizes::run && !sizing)
    sizing = std::move(worker::stored_settings(Settings{}).sizing);
  if (sizes != schema::OrderSizes::strategy) return;
  sizing.reset();
  std::erase_if(plan.spec.overrides, [](const auto& change) { return change->name == "size"; });
  if (plan.size_asked)
    notices.push_back(fmt::format(
        "{} gave every order a size of its own, so --size {} had no effect and is not recorded; "
        "its author can declare that with sizes_orders, and --size is refused beforehand",
        plan.spec.strategy, *plan.size_asked));
}

// A strategy that looks back further than there are bars does nothing, and its figures look like
// those of one that found no opportunity.
void look_for_few_bars(const RunPlan& plan, Notices& notices) {
  const auto& declared = plan.chosen.strategy->parameters;
  for (std::size_t i = 0; i < declared.size() && i < plan.spec.parameters.size(); ++i) {
    const schema::ParameterValue& value = *plan.spec.parameters[i]->value;
    const bool counts_bars =
        declared[i]->unit == "bars" && value.type() == schema::ParameterType::integer;
    if (!counts_bars || value.i() < 0 || std::cmp_less(value.i(), plan.bars.size())) continue;
    return notices.push_back(fmt::format(
        "{} ordered nothing: {} is {} bars and the run has {}; import more or lower it",
        plan.spec.strategy, plan.spec.parameters[i]->name, value.i(), plan.bars.size()));
  }
}

// Adds the events that introduce the plugin and the runtime, and makes their blobs durable: also
// those of events that are there, for a blob may have been lost since.
Status introduce(const Context& context, const ledger::Reader& reader, const RunPlan& plan,
                 const Runtime& runtime, const std::string& request_id, Events& events) {
  const ledger::BlobStore blobs(context.ledger);
  const DescribedPlugin& plugin = *plan.chosen.plugin;
  RL_TRY(const auto plugin_known, reader.plugin_event(plugin.content.digest));
  if (!plugin_known || !blobs.contains(plugin.content.digest)) {
    RL_TRY([[maybe_unused]] const Digest name, blobs.put(plugin.content.bytes));
  }
  if (!plugin_known) {
    events.push_back(make_event(companion_request_id(request_id, "plugin"), context.actor,
                                plugin_registered(plugin, plan.spec)));
  }
  RL_TRY(const auto runtime_known, reader.runtime_event(runtime.digest));
  RL_TRY_VOID(keep_runtime(blobs, runtime));
  if (!runtime_known) {
    events.push_back(make_event(companion_request_id(request_id, "runtime"), context.actor,
                                engine_registered(runtime, plan.spec)));
  }
  return {};
}

}  // namespace

Result<RunReceipt> execute_and_record(const Context& context, const ledger::Reader& reader,
                                      worker::Worker& worker, RunPlan plan,
                                      const std::string& request_id) {
  RL_TRY(worker::RunOutcome outcome,
         execute(context, worker, plan.spec, plan.chosen.plugin->content, plan.bars, {}));
  if (!outcome && outcome.error().reason == schema::FailureReason::refused_to_start)
    return refused_parameters(std::move(outcome).error().message);
  const schema::DescribeReplyT& description = plan.chosen.plugin->description;
  // A worker that was lost has told nothing: what the description had loaded comes nearest.
  const LoadedFiles& loaded = outcome ? outcome->loaded : description.loaded;
  if (outcome && loaded.empty())
    return fail(ErrorCode::conflict,
                fmt::format("a library changed while {} ran, so what the run was made with cannot "
                            "be recorded; run it again",
                            plan.spec.strategy));
  RL_TRY(const Runtime runtime, name_runtime(context, loaded, plan.chosen.plugin->content.copy));
  plan.spec.runtime = stored(runtime.digest);
  plan.spec.environment = std::make_unique<schema::EnvironmentT>(this_environment(description));

  Events events;
  RL_TRY_VOID(introduce(context, reader, plan, runtime, request_id, events));
  const bool completed = outcome.has_value();
  Notices notices;
  if (completed) settle_size(plan, outcome->order_sizes, notices);
  if (completed && outcome->orders == 0) look_for_few_bars(plan, notices);
  events.push_back(
      completed
          ? make_event(request_id, context.actor, run_completed(plan, std::move(*outcome)))
          : make_event(request_id, context.actor, run_failed(plan, std::move(outcome).error())));
  if (context.stop_wanted())
    return fail(ErrorCode::interrupted, "interrupted; nothing was recorded");
  RL_TRY(const ledger::Recorded recorded, append(context, std::move(events)));
  RL_CHECK(!recorded.seqs.empty());
  if (!recorded.already_recorded) {
    for (const std::string& notice : notices) context.notice(notice);
    return RunReceipt{recorded.seqs.back(), completed, false};
  }
  // Another request with this id came first: its run is the answer, not what has just been
  // executed.
  RL_TRY(const ledger::Reader now, open_reader(context));
  RL_TRY(const RunRecord earlier, read_record(now, recorded.seqs.back()));
  return receipt_of_earlier(context, earlier, plan);
}

}  // namespace runledger::app
