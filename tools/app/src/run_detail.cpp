#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

#include <runledger/app/runs.hpp>
#include <runledger/base/count.hpp>
#include <runledger/base/text.hpp>
#include <runledger/metrics/metrics.hpp>
#include <runledger/worker/run_settings.hpp>

#include "event_building.hpp"
#include "ledger_access.hpp"
#include "look_ahead.hpp"
#include "metric_detail.hpp"
#include "option_text.hpp"
#include "parameters.hpp"
#include "run_reading.hpp"

namespace runledger::app {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

double figure_of(const RunDetail& detail, std::string_view name) {
  const auto found = std::ranges::find(detail.metrics, name, &MetricDetail::name);
  return found == detail.metrics.end() ? kNan : found->value;
}

std::uint64_t count_of(const RunDetail& detail, std::string_view name) {
  const double value = figure_of(detail, name);
  return value >= 0 ? static_cast<std::uint64_t>(value) : 0;
}

void fill_settings(RunDetail& detail, const schema::RunSpec& spec) {
  if (spec.parameters() != nullptr)
    for (const schema::Parameter* parameter : *spec.parameters())
      detail.parameters.push_back(
          {parameter->name()->str(),
           value_of(*parameter->value(), text_or_empty(parameter->choice()))});
  const Settings settings = worker::engine_settings(*spec.settings());
  detail.cash = settings.cash;
  if (spec.settings()->sizing() != nullptr) detail.size = sizing_text(settings.sizing);
  detail.commission = commission_text(settings.costs);
  detail.slippage = slippage_text(settings.costs);
  detail.spread = settings.costs.spread;
  detail.account = account_text(settings.account);
  detail.positions = positions_text(settings.one_position);
  detail.leverage = settings.leverage;
  detail.lot = settings.lot_size;
  detail.tick = settings.tick_size;
  detail.maintenance_margin = settings.maintenance_margin;
  detail.borrow_rate = settings.borrow_rate;
  detail.cash_rate = settings.cash_rate;
  detail.margin_rate = settings.margin_rate;
  detail.seed = settings.seed;
  detail.timeout_ms = spec.timeout_ms();
  detail.memory_limit = spec.memory_limit();
}

void fill_origin(RunDetail& detail, const schema::RunSpec& spec) {
  detail.engine = text_or_empty(spec.engine());
  if (const auto* source = spec.source()) {
    detail.source_commit = text_or_empty(source->commit());
    detail.source_remote = text_or_empty(source->remote());
    detail.source_flags = text_or_empty(source->flags());
    detail.built_with = text_or_empty(source->built_with());
    detail.source_dirty = source->dirty();
  }
  if (const auto* environment = spec.environment()) {
    detail.kernel = text_or_empty(environment->kernel());
    detail.cpu_class = text_or_empty(environment->cpu_class());
    detail.libc = text_or_empty(environment->libc());
    detail.compiler = text_or_empty(environment->compiler());
  }
}

std::string kind_of(const schema::RunSpec& spec) {
  if (spec.run_class() == schema::RunClass::sweep_trial) return "sweep";
  if (spec.run_class() == schema::RunClass::imported) return "imported";
  return spec.parent() ? "replay" : "backtest";
}

void fill_spec(RunDetail& detail, const schema::RunSpec& spec) {
  detail.kind = kind_of(spec);
  const schema::Input& input = *spec.inputs()->Get(0);
  detail.ticker = text_or_empty(input.ticker());
  detail.interval = text_or_empty(input.interval());
  if (input.resampled_from() != nullptr) detail.resampled_from = input.resampled_from()->str();
  detail.dataset_digest = digest_of(input.dataset());
  detail.plugin_digest = digest_of(spec.plugin());
  detail.runtime_digest = digest_of(spec.runtime());
  detail.strategy = text_or_empty(spec.strategy());
  detail.strategy_id = text_or_empty(spec.strategy_id());
  detail.strategy_version = text_or_empty(spec.strategy_version());
  detail.strategy_title = text_or_empty(spec.strategy_title());
  detail.start_date = spec.start();
  detail.end_date = spec.end();
  fill_settings(detail, spec);
  fill_origin(detail, spec);
  if (spec.parent()) detail.parent = Seq(*spec.parent());
  detail.overrides = overrides_of(spec);
  detail.sweep = text_or_empty(spec.sweep());
  detail.note = text_or_empty(spec.note());
  if (spec.tags() != nullptr)
    for (const schema::Tag* tag : *spec.tags())
      detail.tags.push_back({tag->key()->str(), text_or_empty(tag->value())});
}

std::string refusal_text(const RunDetail& detail, const schema::RunCompleted& run) {
  if (run.refusals() == 0) return {};
  return fmt::format("{}: {} refused ({})", counted(detail.total_trades, "trade"),
                     counted(run.refusals(), "order"), text_or_empty(run.first_refusal()));
}

void fill_completed(RunDetail& detail, const schema::RunCompleted& run) {
  detail.status = "completed";
  if (run.metrics() != nullptr)
    for (const schema::MetricValue* figure : *run.metrics())
      detail.metrics.push_back(metric_detail({static_cast<Metric>(figure->key()), figure->value(),
                                              static_cast<Undefined>(figure->undefined())}));
  detail.metrics_version = run.metrics_version();
  detail.rules_version = std::max<std::uint32_t>(run.rules_version(), 1);  // absent: 1
  detail.pnl = figure_of(detail, "pnl");
  detail.return_pct = figure_of(detail, "return_pct");
  detail.sharpe_ratio = figure_of(detail, "sharpe_ratio");
  detail.max_drawdown = figure_of(detail, "max_drawdown");
  detail.total_trades = count_of(detail, "total_trades");
  detail.winning_trades = count_of(detail, "winning_trades");
  detail.losing_trades = count_of(detail, "losing_trades");
  detail.bars = run.bars();
  detail.orders = run.orders();
  detail.fills = run.fills();
  detail.refusals = run.refusals();
  detail.refusal_summary = refusal_text(detail, run);
  detail.bankrupt = run.bankrupt();
  detail.ambiguities = run.ambiguities();
  detail.margin_calls = run.margin_calls();
  detail.borrow_fees = run.borrow_fees().value_or(0);
  detail.interest = run.interest().value_or(0);
  detail.log_lines = run.log_lines();
  detail.result_digest = digest_of(run.result_digest());
  detail.decision_digest = digest_of(run.decision_digest());
  detail.wall_ns = run.wall_ns();
}

void fill_failed(RunDetail& detail, const schema::RunFailed& run) {
  detail.status = "failed";
  detail.pnl = detail.return_pct = detail.sharpe_ratio = detail.max_drawdown = kNan;
  detail.wall_ns = run.wall_ns();
  detail.failure = failure_of(run);
}

void apply_annotation(RunDetail& detail, const schema::RunAnnotated& annotation) {
  if (annotation.note() != nullptr) detail.note = annotation.note()->str();
  if (annotation.tags() == nullptr) return;
  for (const schema::Tag* tag : *annotation.tags()) {
    const std::string key = tag->key()->str();
    const std::string value = text_or_empty(tag->value());
    std::erase_if(detail.tags, [&](const NamedText& known) { return known.name == key; });
    if (!value.empty()) detail.tags.push_back({key, value});
  }
}

void apply_check(RunDetail& detail, const ledger::StoredEvent& stored) {
  schema::CheckRecordedT check;
  event_in(stored).payload_as_CheckRecorded()->UnPackTo(&check);
  if (check.kind != schema::CheckKind::look_ahead) return;
  detail.look_ahead = look_ahead_detail(check);
  detail.look_ahead->event = stored.seq();
  detail.look_ahead->at = stored.recorded_at();
}

void apply_later_event(RunDetail& detail, const ledger::StoredEvent& stored) {
  const schema::Event& event = event_in(stored);
  switch (event.payload_type()) {
    case schema::Payload::RunCompleted:
    case schema::Payload::RunFailed:
      detail.replays.push_back(stored.seq());
      break;
    case schema::Payload::RunAnnotated:
      apply_annotation(detail, *event.payload_as_RunAnnotated());
      break;
    case schema::Payload::RunRetracted:
      detail.retracted = RetractionDetail{
          stored.seq(), stored.recorded_at(),
          event.actor() != nullptr ? text_or_empty(event.actor()->name()) : std::string(),
          text_or_empty(event.payload_as_RunRetracted()->reason())};
      break;
    case schema::Payload::RunRestored:
      detail.retracted.reset();
      break;
    case schema::Payload::CheckRecorded:
      apply_check(detail, stored);
      break;
    default:
      break;
  }
}

Status check_complete(Seq id, const schema::RunSpec& spec) {
  if (spec.inputs() != nullptr && spec.inputs()->size() > 0 && spec.settings() != nullptr)
    return {};
  return fail(ErrorCode::damaged,
              fmt::format("the event of run {} is incomplete; run `runledger verify`", id.value));
}

}  // namespace

FailureDetail failure_of(const schema::RunFailed& run) {
  FailureDetail failure;
  failure.reason =
      name_or_number(schema::EnumNameFailureReason(run.reason()), "reason", run.reason());
  failure.message = text_or_empty(run.message());
  if (run.signal() != 0) failure.signal = signal_name(run.signal());
  if (run.exit_status()) failure.exit_status = *run.exit_status();
  if (run.call() != schema::PluginCall::none)
    failure.call = name_or_number(schema::EnumNamePluginCall(run.call()), "call", run.call());
  failure.bar = run.bar();
  failure.bar_time = run.bar_time();
  if (run.frames() != nullptr)
    for (const flatbuffers::String* frame : *run.frames()) failure.frames.push_back(frame->str());
  failure.log = text_or_empty(run.log());
  failure.log_dropped = run.log_dropped();
  return failure;
}

Result<RunDetail> read_run(const Context& context, Seq id) {
  RL_TRY(const ledger::Reader reader, open_reader(context));
  RL_TRY(const RunRecord record, read_record(reader, id));
  RL_TRY_VOID(check_complete(id, record.spec()));
  const schema::Event& event = event_in(record.event);
  RunDetail detail;
  detail.id = id;
  detail.created_at = record.event.recorded_at();
  detail.request_id = text_or_empty(event.request_id());
  if (event.actor() != nullptr) detail.actor = text_or_empty(event.actor()->name());
  fill_spec(detail, record.spec());
  if (record.completed() != nullptr)
    fill_completed(detail, *record.completed());
  else
    fill_failed(detail, *record.failed());
  RL_TRY(const std::vector<Seq> later, reader.events_about(id));
  for (const Seq seq : later) {
    RL_TRY(const ledger::StoredEvent about, reader.event(seq));
    apply_later_event(detail, about);
  }
  return detail;
}

}  // namespace runledger::app
