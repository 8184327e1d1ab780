#include <optional>

#include <fmt/format.h>

#include <runledger/app/backtest.hpp>
#include <runledger/app/runs.hpp>

#include "debugger.hpp"
#include "event_building.hpp"
#include "ledger_access.hpp"
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

// The run that an earlier request with this id made.
Result<std::optional<RunReceipt>> earlier_receipt(const ledger::Reader& reader,
                                                  const RunOptions& options) {
  if (options.request_id.empty()) return std::nullopt;
  RL_TRY(const std::optional<Seq> seq, reader.event_by_request(options.request_id));
  if (!seq) return std::nullopt;
  RL_TRY(const ledger::StoredEvent event, reader.event(*seq));
  const schema::Payload kind = event_in(event).payload_type();
  if (kind != schema::Payload::RunCompleted && kind != schema::Payload::RunFailed)
    return fail(ErrorCode::conflict,
                fmt::format("the request id {} recorded event {}, which is no run; use another id",
                            options.request_id, seq->value));
  return RunReceipt{*seq, kind == schema::Payload::RunCompleted, true};
}

}  // namespace

Result<RunReceipt> backtest(const Context& context, const RunOptions& options) {
  RL_TRY(const std::string request_id, begin_request(context, options));
  RL_TRY(const ledger::Reader reader, open_reader(context));
  RL_TRY(const auto earlier, earlier_receipt(reader, options));
  if (earlier) return *earlier;
  worker::Worker worker = make_worker(context);
  RL_TRY(RunPlan plan, plan_run(context, reader, worker, options));
  return execute_and_record(context, reader, worker, std::move(plan), request_id);
}

Result<RunReceipt> replay(const Context& context, const ReplayOptions& options) {
  RL_TRY(const std::string request_id, begin_request(context, options.overrides));
  RL_TRY(const ledger::Reader reader, open_reader(context));
  RL_TRY(const auto earlier, earlier_receipt(reader, options.overrides));
  if (earlier) return *earlier;
  RL_TRY(const Seq id, resolve_run(context, reader, options.run, RunUse::read));
  RL_TRY(const RunRecord record, read_record(reader, id));
  ParentRun parent{id, {}};
  record.spec().UnPackTo(&parent.spec);
  worker::Worker worker = make_worker(context);
  RL_TRY(RunPlan plan, plan_replay(context, reader, worker, parent, options));
  context.notice(replay_sentence(parent, plan.spec));
  return execute_and_record(context, reader, worker, std::move(plan), request_id);
}

}  // namespace runledger::app
