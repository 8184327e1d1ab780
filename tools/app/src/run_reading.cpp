#include "run_reading.hpp"

#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/base/time.hpp>

#include "event_building.hpp"
#include "ledger_access.hpp"
#include "run_differences.hpp"

namespace runledger::app {
namespace {

std::string digest_text(const schema::Digest* digest) {
  const auto value = digest_of(digest);
  return value ? "sha256 " + short_digest(*value) : std::string("no digest");
}

std::string spec_text(const schema::RunSpec& spec) {
  const auto* inputs = spec.inputs();
  const std::string ticker = inputs != nullptr && inputs->size() > 0
                                 ? text_or_empty(inputs->Get(0)->ticker())
                                 : std::string("no ticker");
  return fmt::format("{} on {}", text_or_empty(spec.strategy()), ticker);
}

std::string imported_text(const schema::DatasetImported& event) {
  return fmt::format("imported {} {} ({} bars, {})", text_or_empty(event.ticker()),
                     text_or_empty(event.interval()), event.bars(), digest_text(event.dataset()));
}

}  // namespace

const schema::RunCompleted* RunRecord::completed() const {
  return event_in(event).payload_as_RunCompleted();
}
const schema::RunFailed* RunRecord::failed() const {
  return event_in(event).payload_as_RunFailed();
}
const schema::RunSpec& RunRecord::spec() const {
  return completed() != nullptr ? *completed()->spec() : *failed()->spec();
}

std::vector<OverrideDetail> overrides_of(const schema::RunSpec& spec) {
  std::vector<OverrideDetail> changes;
  if (spec.overrides() == nullptr) return changes;
  for (const schema::Override* change : *spec.overrides())
    changes.push_back({text_or_empty(change->name()), text_or_empty(change->from()),
                       text_or_empty(change->to())});
  return changes;
}

std::string override_text(const OverrideDetail& change) {
  return override_text(change.name, change.from, change.to);
}

std::string event_text(const ledger::StoredEvent& stored) {
  const schema::Event& event = event_in(stored);
  switch (event.payload_type()) {
    case schema::Payload::LedgerOpened:
      return fmt::format("made the ledger `{}`",
                         text_or_empty(event.payload_as_LedgerOpened()->origin()));
    case schema::Payload::DatasetImported:
      return imported_text(*event.payload_as_DatasetImported());
    case schema::Payload::PluginRegistered: {
      const auto& plugin = *event.payload_as_PluginRegistered();
      return fmt::format("registered plugin {} ({})", text_or_empty(plugin.file_name()),
                         digest_text(plugin.plugin()));
    }
    case schema::Payload::EngineRegistered: {
      const auto& engine = *event.payload_as_EngineRegistered();
      return fmt::format("registered engine {} ({})", text_or_empty(engine.engine()),
                         digest_text(engine.runtime()));
    }
    case schema::Payload::RunCompleted:
      return "recorded a run of " + spec_text(*event.payload_as_RunCompleted()->spec());
    case schema::Payload::RunFailed:
      return "recorded a failed run of " + spec_text(*event.payload_as_RunFailed()->spec());
    case schema::Payload::RunRetracted:
      return fmt::format("retracted run {}", event.payload_as_RunRetracted()->run());
    case schema::Payload::RunRestored:
      return fmt::format("restored run {}", event.payload_as_RunRestored()->run());
    case schema::Payload::RunAnnotated:
      return fmt::format("annotated run {}", event.payload_as_RunAnnotated()->run());
    case schema::Payload::RunReproduced: {
      const auto* verdicts = event.payload_as_RunReproduced()->verdicts();
      return fmt::format("reproduced {} runs", verdicts != nullptr ? verdicts->size() : 0U);
    }
    case schema::Payload::CheckRecorded: {
      const auto& check = *event.payload_as_CheckRecorded();
      return fmt::format("checked whether run {} looks ahead: {}", check.run(),
                         name_or_number(schema::EnumNameCheckVerdict(check.verdict()), "verdict",
                                        check.verdict()));
    }
    default:
      break;
  }
  return "is of a kind that this program does not know; use a newer runledger to read it";
}

Result<RunRecord> read_record(const ledger::Reader& reader, Seq id) {
  const LogSize size = reader.head().size;
  if (id.value >= size.value)
    return fail(
        ErrorCode::not_found,
        fmt::format("there is no run {}; the ledger's last event is {} (see `runledger runs "
                    "ls`)",
                    id.value, size.value == 0 ? 0 : size.value - 1));
  RL_TRY(ledger::StoredEvent event, reader.event(id));
  RunRecord record{std::move(event)};
  if (record.completed() == nullptr && record.failed() == nullptr)
    return fail(ErrorCode::not_found, fmt::format("{} is no run: event {} {}", id.value, id.value,
                                                  event_text(record.event)));
  return record;
}

Result<Seq> resolve_run(const Context& context, const ledger::Reader& reader,
                        const std::string& text, RunUse use) {
  if (const auto number = parse_uint(text)) return Seq(*number);
  const bool latest = text == "latest" || text == "-1";
  if (!latest)
    return fail(ErrorCode::invalid_input,
                fmt::format("the run is `{}`; expected an id such as 41, or latest", text));
  if (use == RunUse::change)
    return fail(
        ErrorCode::invalid_input,
        fmt::format("`{}` is not accepted here, because it may not be the run you mean; give "
                    "its id",
                    text));
  RL_TRY(const std::optional<Seq> id, reader.latest_run(context.actor));
  if (!id)
    return fail(ErrorCode::not_found,
                "there is no run by " + context.actor + " yet; make one with `runledger backtest`");
  return *id;
}

Result<Seq> resolve_run(const Context& context, const std::string& text, RunUse use) {
  RL_TRY(const ledger::Reader reader, open_reader(context));
  return resolve_run(context, reader, text, use);
}

}  // namespace runledger::app
