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
#include "run_events.hpp"
#include "run_reading.hpp"
#include "runtime.hpp"

namespace runledger::app {
namespace {

// A strategy that will not start with its parameters has run on no bar: there is nothing to record.
std::unexpected<Error> refused_parameters(std::string why) {
  if (why.ends_with('.')) why.pop_back();
  return fail(ErrorCode::invalid_input, why + "; nothing was recorded");
}

// What a person must know besides the figures; told once the run is durable.
using Notices = std::vector<std::string>;

// Records the size that had an effect: none when every order carried one of its own.
void settle_size(RunPlan& plan, schema::OrderSizes sizes, Notices& notices) {
  if (record_size(*plan.spec.settings, sizes)) return;
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
  RL_TRY_VOID(
      introduce(context, reader, *plan.chosen.plugin, plan.spec, runtime, request_id, events));
  const bool completed = outcome.has_value();
  Notices notices;
  if (completed) settle_size(plan, outcome->order_sizes, notices);
  if (completed && outcome->orders == 0) look_for_few_bars(plan, notices);
  events.push_back(completed
                       ? make_event(request_id, context.actor,
                                    run_completed(plan.spec, plan.bars.size(), std::move(*outcome)))
                       : make_event(request_id, context.actor,
                                    run_failed(plan.spec, std::move(outcome).error())));
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
