#include "events.hpp"

namespace runledger::ledger::test {
namespace {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;

constexpr TimeNs kFirstBar = 1'577'836'800'000'000'000;  // 2020-01-01
constexpr TimeNs kLastBar = 1'609'372'800'000'000'000;   // 2020-12-31

schema::Digest stored(const Digest& digest) {
  schema::Digest result;
  for (std::uint16_t i = 0; i < digest.bytes.size(); ++i)
    result.mutable_bytes()->Mutate(i, digest.bytes[i]);
  return result;
}

PendingEvent finish(FlatBufferBuilder& builder, const std::string& request_id,
                    const std::string& actor, schema::Payload kind, Offset<void> payload) {
  const auto id = builder.CreateString(request_id);
  const auto name = builder.CreateString(actor);
  const auto who = schema::CreateActor(builder, schema::ActorKind::local, name);
  const schema::Stamp stamp;
  builder.Finish(schema::CreateEvent(builder, &stamp, id, who, kind, payload),
                 schema::EventIdentifier());
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

template <class T>
PendingEvent finish(FlatBufferBuilder& builder, const std::string& request_id, schema::Payload kind,
                    Offset<T> payload) {
  return finish(builder, request_id, "ann@desk", kind, payload.Union());
}

Offset<schema::RunSpec> run_spec(FlatBufferBuilder& builder, const RunEvent& run) {
  std::vector<Offset<schema::Input>> inputs;
  for (const std::string& ticker : run.tickers) {
    const schema::Digest dataset = stored(sha256(ticker));
    const auto text = builder.CreateString(ticker);
    const auto interval = builder.CreateString("1d");
    inputs.push_back(schema::CreateInput(
        builder, inputs.empty() ? schema::InputRole::traded : schema::InputRole::reference, text,
        interval, &dataset));
  }
  const auto strategy = builder.CreateString(run.strategy);
  const auto traded = builder.CreateVector(inputs);
  const auto sweep =
      run.sweep.empty() ? Offset<flatbuffers::String>() : builder.CreateString(run.sweep);
  const auto note =
      run.note.empty() ? Offset<flatbuffers::String>() : builder.CreateString(run.note);
  const auto environment = schema::CreateEnvironmentDirect(
      builder, "Linux 6.1.0 x86_64", "x86-64-v3 with fma", "glibc 2.36", "GCC 12.2.0");
  schema::RunSettingsBuilder settings(builder);
  settings.add_cash(10000);
  settings.add_account(schema::AccountKind::standard);
  const auto finished_settings = settings.Finish();
  const schema::Digest plugin = stored(sha256("plugin"));
  const schema::Digest runtime = stored(sha256("runtime"));
  schema::RunSpecBuilder spec(builder);
  spec.add_run_class(run.run_class);
  spec.add_strategy(strategy);
  spec.add_inputs(traded);
  spec.add_start(kFirstBar);
  spec.add_end(kLastBar);
  spec.add_settings(finished_settings);
  spec.add_plugin(&plugin);
  spec.add_runtime(&runtime);
  spec.add_environment(environment);
  if (run.parent) spec.add_parent(*run.parent);
  if (!run.sweep.empty()) spec.add_sweep(sweep);
  if (!run.note.empty()) spec.add_note(note);
  return spec.Finish();
}

}  // namespace

PendingEvent run_event(const RunEvent& run) {
  FlatBufferBuilder builder;
  const auto spec = run_spec(builder, run);
  if (run.failed) {
    const auto message = builder.CreateString("SIGSEGV in on_bar at bar 3.");
    schema::RunFailedBuilder failed(builder);
    failed.add_spec(spec);
    failed.add_reason(schema::FailureReason::crashed);
    failed.add_message(message);
    const auto payload = failed.Finish();
    return finish(builder, run.request_id, run.actor, schema::Payload::RunFailed, payload.Union());
  }
  using Key = schema::MetricKey;
  using Undefined = schema::MetricUndefined;
  const double trades = run.trades;
  const std::vector<schema::MetricValue> metrics{
      {run.pnl, Key::pnl, Undefined::defined},
      {run.pnl / 100, Key::return_pct, Undefined::defined},
      {1.5, Key::sharpe_ratio, Undefined::defined},
      {12.25, Key::max_drawdown, Undefined::defined},
      {trades, Key::total_trades, Undefined::defined},
      {trades - 3, Key::winning_trades, Undefined::defined},
      {3, Key::losing_trades, Undefined::defined}};
  const auto figures = builder.CreateVectorOfStructs(metrics);
  const schema::Digest result = stored(sha256("result"));
  const schema::Digest decisions = stored(sha256("decisions"));
  schema::RunCompletedBuilder completed(builder);
  completed.add_spec(spec);
  completed.add_metrics(figures);
  completed.add_metrics_version(1);
  completed.add_result_digest(&result);
  completed.add_decision_digest(&decisions);
  const auto payload = completed.Finish();
  return finish(builder, run.request_id, run.actor, schema::Payload::RunCompleted, payload.Union());
}

PendingEvent opened_event(const std::string& request_id) {
  FlatBufferBuilder builder;
  const auto origin = builder.CreateString("test");
  const auto program = builder.CreateString("0.1.0");
  return finish(builder, request_id, schema::Payload::LedgerOpened,
                schema::CreateLedgerOpened(builder, 1, origin, program));
}

PendingEvent retracted_event(const std::string& request_id, std::uint64_t run) {
  FlatBufferBuilder builder;
  const auto reason = builder.CreateString("wrong costs");
  return finish(builder, request_id, schema::Payload::RunRetracted,
                schema::CreateRunRetracted(builder, run, reason));
}

PendingEvent restored_event(const std::string& request_id, std::uint64_t run) {
  FlatBufferBuilder builder;
  return finish(builder, request_id, schema::Payload::RunRestored,
                schema::CreateRunRestored(builder, run));
}

PendingEvent annotated_event(const std::string& request_id, std::uint64_t run) {
  FlatBufferBuilder builder;
  const auto note = builder.CreateString("look again");
  schema::RunAnnotatedBuilder annotated(builder);
  annotated.add_run(run);
  annotated.add_note(note);
  return finish(builder, request_id, schema::Payload::RunAnnotated, annotated.Finish());
}

PendingEvent reproduced_event(const std::string& request_id,
                              const std::vector<std::uint64_t>& runs) {
  FlatBufferBuilder builder;
  const schema::Digest result = stored(sha256("result"));
  std::vector<Offset<schema::Reproduction>> verdicts;
  verdicts.reserve(runs.size());
  for (const std::uint64_t run : runs)
    verdicts.push_back(schema::CreateReproduction(builder, run, schema::Verdict::exact, &result));
  const auto list = builder.CreateVector(verdicts);
  return finish(builder, request_id, schema::Payload::RunReproduced,
                schema::CreateRunReproduced(builder, list));
}

PendingEvent checked_event(const std::string& request_id, std::uint64_t run) {
  FlatBufferBuilder builder;
  const auto detail = builder.CreateString("decides otherwise on bar 9");
  schema::CheckRecordedBuilder checked(builder);
  checked.add_run(run);
  checked.add_kind(schema::CheckKind::look_ahead);
  checked.add_verdict(schema::CheckVerdict::failed);
  checked.add_detail(detail);
  checked.add_future(schema::OtherFuture::cut);
  checked.add_bar(9);
  return finish(builder, request_id, schema::Payload::CheckRecorded, checked.Finish());
}

PendingEvent imported_event(const std::string& request_id, const std::string& ticker,
                            const std::string& interval, const Digest& dataset) {
  FlatBufferBuilder builder;
  const auto name = builder.CreateString(ticker);
  const auto every = builder.CreateString(interval);
  const schema::Digest digest = stored(dataset);
  const schema::Digest raw = stored(sha256("file"));
  constexpr std::uint32_t kBars = 366;
  const schema::Digest rows = stored(sha256("rows"));
  const std::vector chunks{schema::CreateChunk(builder, &rows, kBars)};
  const auto all_chunks = builder.CreateVector(chunks);
  schema::DatasetImportedBuilder imported(builder);
  imported.add_ticker(name);
  imported.add_interval(every);
  imported.add_dataset(&digest);
  imported.add_bars(kBars);
  imported.add_start(kFirstBar);
  imported.add_end(kLastBar);
  imported.add_chunks(all_chunks);
  imported.add_raw_digest(&raw);
  return finish(builder, request_id, schema::Payload::DatasetImported, imported.Finish());
}

PendingEvent plugin_event(const std::string& request_id, const Digest& plugin) {
  FlatBufferBuilder builder;
  const schema::Digest digest = stored(plugin);
  const auto file_name = builder.CreateString("sma_cross.so");
  const std::vector strategies{schema::CreateStrategyInfoDirect(builder, "sma_cross")};
  const auto all_strategies = builder.CreateVector(strategies);
  schema::PluginRegisteredBuilder registered(builder);
  registered.add_plugin(&digest);
  registered.add_file_name(file_name);
  registered.add_strategies(all_strategies);
  return finish(builder, request_id, schema::Payload::PluginRegistered, registered.Finish());
}

PendingEvent engine_event(const std::string& request_id, const Digest& runtime) {
  FlatBufferBuilder builder;
  const schema::Digest digest = stored(runtime);
  const schema::Digest worker = stored(sha256("worker"));
  const std::vector files{schema::CreateRuntimeFileDirect(builder, "/usr/libexec/runledger-worker",
                                                          &worker, 6, "runledger-worker",
                                                          schema::RuntimeRole::program)};
  return finish(builder, request_id, schema::Payload::EngineRegistered,
                schema::CreateEngineRegisteredDirect(builder, "build 1", &digest, nullptr, &files));
}

PendingEvent attested_event(const std::string& request_id) {
  FlatBufferBuilder builder;
  return finish(builder, request_id, schema::Payload::Attested, schema::CreateAttested(builder));
}

}  // namespace runledger::ledger::test
