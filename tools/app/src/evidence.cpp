#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include <runledger/app/runs.hpp>
#include <runledger/base/text.hpp>
#include <runledger/engine/result.hpp>
#include <runledger/ledger/blobs.hpp>
#include <runledger/market/bars.hpp>
#include <runledger/strategy_abi.h>

#include "environment.hpp"
#include "event_building.hpp"
#include "evidence_text.hpp"
#include "execution.hpp"
#include "ledger_access.hpp"
#include "plugin_files.hpp"
#include "recorded_result.hpp"
#include "run_subject.hpp"

namespace runledger::app {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// What may explain that other bytes came out.
std::string why_different(const schema::RunSpecT& spec, const schema::DescribeReplyT& worker) {
  if (!spec.environment) return "nothing is recorded about the machine it ran on";
  const schema::EnvironmentT now = this_environment(worker);
  std::vector<std::string> reasons;
  const auto compare = [&](std::string_view what, const std::string& then,
                           const std::string& today) {
    if (then != today) reasons.push_back(fmt::format("the {} was {} and is {}", what, then, today));
  };
  compare("processor", spec.environment->cpu_class, now.cpu_class);
  compare("C library", spec.environment->libc, now.libc);
  compare("engine", spec.engine, worker.engine);
  return reasons.empty() ? "processor, C library and engine are the same as then, so the strategy "
                           "may keep state or read something else than its bars"
                         : join(reasons, ", ");
}

Result<schema::RunReplyT> execute_again(const Context& context, const ledger::BlobStore& blobs,
                                        const Subject& subject, bool want_log) {
  RL_TRY(const PluginFile plugin, plugin_of(context, blobs, subject));
  worker::Worker worker = make_worker(context);
  RL_TRY(worker::RunOutcome outcome, execute(context, worker, subject.spec, plugin, subject.bars,
                                             {.result = true, .log = want_log}));
  if (!outcome)
    return fail(ErrorCode::differs,
                fmt::format("run {} completed when it was recorded and failed now: {}",
                            subject.id.value, outcome.error().message));
  const Digest digest = sha256(outcome->result);
  if (digest == subject.result) return std::move(*outcome);
  RL_TRY(const schema::DescribeReplyT description, describe_plugin(context, plugin, worker, false));
  return fail(
      ErrorCode::differs,
      fmt::format("run {} gives another result than the recorded one ({} instead of {}): {}",
                  subject.id.value, short_digest(digest), short_digest(subject.result),
                  why_different(subject.spec, description)));
}

// ---- Telling it -----------------------------------------------------------------------------

// What the account traded without an order.
OrderDetail own_order(const FillRecord& fill, const BarColumns& bars) {
  OrderDetail detail;
  detail.time = detail.outcome_time = bars.label[fill.bar];
  detail.kind = fill.cause == FillCause::margin_call ? "margin_call" : "bankrupt";
  detail.size = "close";
  detail.outcome = outcome_text(OrderOutcome::filled);
  detail.fill_quantity = fill.quantity;
  detail.fill_price = fill.price;
  detail.fee = fill.fee;
  return detail;
}

void add_orders(Evidence& evidence, const RunResult& result, const BarColumns& bars) {
  for (const OrderRecord& order : result.orders) {
    OrderDetail detail;
    detail.id = order.id;
    detail.time = bars.label[order.bar];
    detail.kind = order_kind_text(order.kind);
    detail.size = order_size_text(result.orders, order);
    detail.outcome = outcome_text(order.outcome);
    detail.outcome_time = bars.label[order.outcome_bar];
    detail.fill_quantity = detail.fill_price = detail.fee = kNan;
    evidence.orders.push_back(std::move(detail));
  }
  // Of an order that closed and then opened, the fill that opened; the fee is of both.
  for (const FillRecord& fill : result.fills) {
    if (fill.order_id == 0) {
      evidence.orders.push_back(own_order(fill, bars));
      continue;
    }
    OrderDetail& detail = evidence.orders[fill.order_id - 1];
    detail.fill_quantity = fill.quantity;
    detail.fill_price = fill.price;
    detail.fee = std::isnan(detail.fee) ? fill.fee : detail.fee + fill.fee;
  }
}

void add_trades(Evidence& evidence, const RunResult& result, const BarColumns& bars) {
  for (const TradeRecord& trade : result.trades) {
    TradeDetail detail;
    detail.entry_time = bars.label[trade.entry_bar];
    detail.entry_price = trade.entry_price;
    if (trade.exit_bar) detail.exit_time = bars.label[*trade.exit_bar];
    detail.exit_price = trade.exit_price;
    detail.size = trade.size;
    detail.pnl = trade.pnl;
    detail.commission = trade.commission;
    evidence.trades.push_back(detail);
  }
}

void add_refusals(Evidence& evidence, const RunResult& result, const BarColumns& bars) {
  for (const RefusalRecord& refusal : result.refusals)
    evidence.refusals.push_back({refusal.order_id, bars.label[refusal.bar], refusal.quantity,
                                 refusal_reason(refusal.code)});
}

void add_log(Evidence& evidence, const schema::RunReplyT& reply, const BarColumns& bars) {
  evidence.log_lines = reply.log_lines;
  for (const auto& line : reply.log) {
    const std::size_t bar = std::min<std::size_t>(line->bar, bars.size() - 1);
    evidence.log.push_back({bars.label[bar], std::string(log_level_text(line->level)), line->text});
  }
}

// decode_result promises that bars are in range of the result's own bars; those are the run's
// unless the result belongs to other data.
Result<RunResult> decoded(const Subject& subject, ByteView bytes) {
  RL_TRY(RunResult result, decode_result(bytes));
  if (result.equity.size() > subject.bars.size())
    return fail(
        ErrorCode::damaged,
        fmt::format("the result of run {} has {} bars and its data {}; run `runledger verify`",
                    subject.id.value, result.equity.size(), subject.bars.size()));
  return result;
}

Evidence told(const Subject& subject, const RunResult& result) {
  const BarColumns bars = subject.bars.columns();
  Evidence evidence;
  const auto run = static_cast<std::ptrdiff_t>(result.equity.size());
  evidence.equity = result.equity;
  evidence.time.assign(bars.label.begin(), bars.label.begin() + run);
  evidence.close.assign(bars.close.begin(), bars.close.begin() + run);
  evidence.final_cash = result.final_cash;
  evidence.final_position = result.final_position;
  add_trades(evidence, result, bars);
  add_orders(evidence, result, bars);
  add_refusals(evidence, result, bars);
  return evidence;
}

}  // namespace

Result<RunResult> recorded_result(const Context& context, const ledger::BlobStore& blobs,
                                  const Subject& subject) {
  if (blobs.contains(subject.result)) {
    if (const auto kept = blobs.get(subject.result)) return decoded(subject, *kept);
  }
  RL_TRY(const schema::RunReplyT reply, execute_again(context, blobs, subject, false));
  RL_TRY(RunResult result, decoded(subject, reply.result));
  (void)blobs.put(reply.result);  // only so that the next time is faster
  return result;
}

Result<Evidence> recompute(const Context& context, Seq id, const EvidenceRequest& request) {
  RL_TRY(const ledger::Reader reader, open_reader(context));
  const ledger::BlobStore blobs(context.ledger);
  RL_TRY(const Subject subject, open_subject(reader, blobs, id));
  if (!request.log) {
    RL_TRY(const RunResult result, recorded_result(context, blobs, subject));
    return told(subject, result);
  }
  RL_TRY(const schema::RunReplyT reply, execute_again(context, blobs, subject, true));
  RL_TRY(const RunResult result, decoded(subject, reply.result));
  Evidence evidence = told(subject, result);
  add_log(evidence, reply, subject.bars.columns());
  (void)blobs.put(reply.result);  // only so that the next time is faster
  return evidence;
}

}  // namespace runledger::app
