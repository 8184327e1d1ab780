#include <optional>

#include <runledger/app/backtest.hpp>
#include <runledger/app/runs.hpp>
#include <runledger/base/text.hpp>

#include "debugger.hpp"
#include "earlier_run.hpp"
#include "event_building.hpp"
#include "ledger_access.hpp"
#include "option_text.hpp"
#include "run_plan.hpp"
#include "run_reading.hpp"
#include "run_recording.hpp"

namespace runledger::app {
namespace {

// What is wrong before anything is looked at; the request's id, chosen when there is none.
Result<std::string> begin_request(const Context& context, const RunOptions& options) {
  if (context.under) RL_TRY_VOID(check_debugger(*context.under));
  if (options.request_id.empty()) return new_request_id();
  RL_TRY_VOID(check_request_id(options.request_id));
  return options.request_id;
}

// The run to replay. When the request is a repeated one, `latest` is what it was the first time.
Result<Seq> parent_of(const Context& context, const ledger::Reader& reader, const std::string& run,
                      const std::optional<RunRecord>& earlier) {
  if (earlier && !parse_uint(run) && earlier->spec().parent())
    return Seq(*earlier->spec().parent());
  return resolve_run(context, reader, run, RunUse::read);
}

// A library that hangs while it is loaded does not cost more than the run may. A timeout that
// cannot be read is told when the run is planned.
Context within_timeout(Context context, const RunOptions& options) {
  if (!options.timeout) return context;
  if (const auto timeout = parse_timeout(*options.timeout)) context.describe_timeout = *timeout;
  return context;
}

Result<RunReceipt> answer_with(const Context& context, const RunRecord& earlier,
                               const RunOptions& options, std::optional<Seq> parent,
                               const Result<RunPlan>& plan) {
  return plan ? receipt_of_earlier(context, earlier, *plan)
              : receipt_without_plan(context, earlier, options, parent, plan.error());
}

}  // namespace

Result<RunReceipt> backtest(const Context& context, const RunOptions& options) {
  RL_TRY(const std::string request_id, begin_request(context, options));
  RL_TRY(const ledger::Reader reader, open_reader(context));
  RL_TRY(const auto earlier, earlier_run(reader, options.request_id));
  worker::Worker worker = make_worker(within_timeout(context, options));
  auto plan = plan_run(context, reader, worker, options);
  if (earlier) return answer_with(context, *earlier, options, std::nullopt, plan);
  if (!plan) return std::unexpected(std::move(plan).error());
  if (!plan->resampling.empty()) context.notice(plan->resampling);
  return execute_and_record(context, reader, worker, std::move(*plan), request_id);
}

Result<RunReceipt> replay(const Context& context, const ReplayOptions& options) {
  RL_TRY(const std::string request_id, begin_request(context, options.overrides));
  RL_TRY(const ledger::Reader reader, open_reader(context));
  RL_TRY(const auto earlier, earlier_run(reader, options.overrides.request_id));
  RL_TRY(const Seq id, parent_of(context, reader, options.run, earlier));
  RL_TRY(const RunRecord record, read_record(reader, id));
  ParentRun parent{id, {}};
  record.spec().UnPackTo(&parent.spec);
  worker::Worker worker = make_worker(within_timeout(context, options.overrides));
  auto plan = plan_replay(context, reader, worker, parent, options);
  if (earlier) return answer_with(context, *earlier, options.overrides, id, plan);
  if (!plan) return std::unexpected(std::move(plan).error());
  context.notice(replay_sentence(parent, plan->spec));
  if (!plan->resampling.empty()) context.notice(plan->resampling);
  return execute_and_record(context, reader, worker, std::move(*plan), request_id);
}

}  // namespace runledger::app
