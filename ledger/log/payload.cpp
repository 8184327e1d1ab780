#include "payload.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include <runledger/base/text.hpp>

#include "event.hpp"
#include "leaf.hpp"

namespace runledger::ledger {
namespace {

using flatbuffers::String;

template <class T>
using Tables = flatbuffers::Vector<flatbuffers::Offset<T>>;

// What a list of runs shows of each.
constexpr std::array kListedFigures{
    schema::MetricKey::pnl,           schema::MetricKey::return_pct,
    schema::MetricKey::sharpe_ratio,  schema::MetricKey::max_drawdown,
    schema::MetricKey::total_trades,  schema::MetricKey::winning_trades,
    schema::MetricKey::losing_trades,
};

std::unexpected<Error> wrong(std::string message) {
  return fail(ErrorCode::invalid_input, std::move(message));
}

bool is_empty(const String* text) { return text == nullptr || text->size() == 0; }
template <class T>
bool is_empty(const flatbuffers::Vector<T>* vector) {
  return vector == nullptr || vector->size() == 0;
}

// A part of an event as sentences name it, such as "completed run".
class Part {
 public:
  explicit Part(std::string_view name) : name_(name) {}

  [[nodiscard]] const std::string& name() const { return name_; }

  [[nodiscard]] Status has(bool there, std::string_view what) const {
    if (there) return {};
    return wrong("The " + name_ + " carries no " + std::string(what) +
                 "; ledger/FORMAT.md says under Events what it must carry to be recorded.");
  }
  [[nodiscard]] Status has_key_text(const String* text, std::string_view what) const {
    RL_TRY_VOID(has(!is_empty(text), what));
    if (text->size() <= kIndexedTextBytesMax) return {};
    return fail(ErrorCode::too_large, "The " + std::string(what) + " has " +
                                          std::to_string(text->size()) + " bytes; at most " +
                                          std::to_string(kIndexedTextBytesMax) + " are allowed.");
  }
  // Absent or printable.
  [[nodiscard]] Status has_clean_text(const String* text, std::string_view what) const {
    if (text == nullptr || is_printable_utf8(text->string_view())) return {};
    return wrong("The " + std::string(what) + " of the " + name_ +
                 " has control characters or broken UTF-8; expected printable text.");
  }
  // A value of an enumeration that this version knows, and not `none`.
  template <class Enumeration>
  [[nodiscard]] Status has_known(Enumeration value, std::string_view what) const {
    RL_TRY_VOID(has(value != Enumeration::none, what));
    return is_known(value, what);
  }
  template <class Enumeration>
  [[nodiscard]] Status is_known(Enumeration value, std::string_view what) const {
    if (value <= Enumeration::MAX) return {};
    return fail(ErrorCode::unsupported,
                "The " + std::string(what) + " of the " + name_ + " is number " +
                    std::to_string(static_cast<unsigned>(value)) +
                    ", which this version does not know. Use a newer runledger.");
  }
  template <class Enumeration>
  [[nodiscard]] Status is_known(std::optional<Enumeration> value, std::string_view what) const {
    return value ? is_known(*value, what) : Status();
  }

 private:
  std::string name_;
};

// ---- Runs -----------------------------------------------------------------------------------

Status check_resampling(const Part& run, const schema::Input& input) {
  if (input.resampled_from() == nullptr) return {};
  RL_TRY_VOID(
      run.has_key_text(input.resampled_from(), "interval that an input was resampled from"));
  if (input.resampled_from()->string_view() != input.interval()->string_view()) return {};
  return wrong("An input of the " + run.name() +
               " is resampled from the interval it has; expected a shorter one, or none.");
}

Status check_inputs(const Part& run, const Tables<schema::Input>* inputs) {
  RL_TRY_VOID(run.has(!is_empty(inputs), "input"));
  for (const schema::Input* input : *inputs) {
    RL_TRY_VOID(run.has_key_text(input->ticker(), "ticker of an input"));
    RL_TRY_VOID(run.has_key_text(input->interval(), "interval of an input"));
    RL_TRY_VOID(run.has(input->dataset() != nullptr, "dataset digest of an input"));
    RL_TRY_VOID(check_resampling(run, *input));
    RL_TRY_VOID(run.is_known(input->role(), "role of an input"));
  }
  return run.has(inputs->Get(0)->role() == schema::InputRole::traded,
                 "traded input before all others");
}

Status check_settings(const Part& run, const schema::RunSettings* settings) {
  RL_TRY_VOID(run.has(settings != nullptr, "settings"));
  RL_TRY_VOID(run.has(settings->cash().has_value(), "cash"));
  RL_TRY_VOID(run.has_known(settings->account(), "kind of account"));
  if (settings->sizing() == nullptr) return {};
  return run.has_known(settings->sizing()->kind(), "kind of sizing");
}

Status check_parameters(const Part& run, const Tables<schema::Parameter>* parameters) {
  if (parameters == nullptr) return {};
  for (const schema::Parameter* parameter : *parameters) {
    RL_TRY_VOID(run.has(!is_empty(parameter->name()), "name of a parameter"));
    RL_TRY_VOID(run.has_known(parameter->value()->type(), "type of a parameter"));
  }
  return {};
}

Status check_range(const Part& run, const schema::RunSpec& spec) {
  RL_TRY_VOID(run.has(spec.start().has_value(), "time of its first bar"));
  RL_TRY_VOID(run.has(spec.end().has_value(), "time of its last bar"));
  if (*spec.start() <= *spec.end()) return {};
  return wrong("The run ends before it starts; expected the times of its first and last bar.");
}

Status check_sweep(const Part& run, const schema::RunSpec& spec) {
  RL_TRY_VOID(run.is_known(spec.run_class(), "class"));
  if (spec.run_class() == schema::RunClass::sweep_trial)
    return run.has_key_text(spec.sweep(), "name of the sweep");
  if (is_empty(spec.sweep())) return {};
  return wrong("The run names a sweep and is no trial of one; expected the class of a trial.");
}

Status check_overrides(const Part& run, const schema::RunSpec& spec) {
  if (is_empty(spec.overrides())) return {};
  if (!spec.parent().has_value())
    return wrong("The run says what it overrides and not of which run; expected its parent.");
  for (const schema::Override* change : *spec.overrides())
    RL_TRY_VOID(run.has(!is_empty(change->name()), "name of an override"));
  return {};
}

Status check_tags(const Part& part, const Tables<schema::Tag>* tags) {
  if (tags == nullptr) return {};
  for (const schema::Tag* tag : *tags) {
    RL_TRY_VOID(part.has(!is_empty(tag->key()), "key of a tag"));
    RL_TRY_VOID(part.has_clean_text(tag->key(), "key of a tag"));
    RL_TRY_VOID(part.has_clean_text(tag->value(), "value of a tag"));
  }
  return {};
}

Status check_spec(const Part& run, const schema::RunSpec& spec) {
  RL_TRY_VOID(run.has_key_text(spec.strategy(), "name of the strategy"));
  RL_TRY_VOID(check_inputs(run, spec.inputs()));
  RL_TRY_VOID(check_range(run, spec));
  RL_TRY_VOID(check_settings(run, spec.settings()));
  RL_TRY_VOID(check_parameters(run, spec.parameters()));
  RL_TRY_VOID(run.has(spec.plugin() != nullptr, "plugin digest"));
  RL_TRY_VOID(run.has(spec.runtime() != nullptr, "runtime digest"));
  RL_TRY_VOID(run.has(spec.environment() != nullptr, "environment"));
  RL_TRY_VOID(check_sweep(run, spec));
  RL_TRY_VOID(check_overrides(run, spec));
  RL_TRY_VOID(check_tags(run, spec.tags()));
  return run.has_clean_text(spec.note(), "note");
}

Status check(const schema::RunCompleted& completed) {
  const Part run("completed run");
  RL_TRY_VOID(check_spec(run, *completed.spec()));
  RL_TRY_VOID(run.has(completed.result_digest() != nullptr, "result digest"));
  RL_TRY_VOID(run.has(completed.decision_digest() != nullptr, "decision digest"));
  RL_TRY_VOID(run.has(completed.metrics_version() != 0, "version of its metrics"));
  for (const schema::MetricKey key : kListedFigures) {
    const auto is_it = [key](const schema::MetricValue* value) { return value->key() == key; };
    RL_TRY_VOID(
        run.has(completed.metrics() != nullptr && std::ranges::any_of(*completed.metrics(), is_it),
                "metric " + std::string(schema::EnumNameMetricKey(key))));
  }
  return {};
}

Status check(const schema::RunFailed& failed) {
  const Part run("failed run");
  RL_TRY_VOID(check_spec(run, *failed.spec()));
  RL_TRY_VOID(run.has_known(failed.reason(), "reason"));
  return run.has(!is_empty(failed.message()), "message for people");
}

// ---- About runs -----------------------------------------------------------------------------

Status check(const schema::RunRetracted& retracted) {
  const Part retraction("retraction");
  RL_TRY_VOID(retraction.has(!is_empty(retracted.reason()), "reason"));
  return retraction.has_clean_text(retracted.reason(), "reason");
}

Status check(const schema::RunRestored& restored) {
  return Part("restoration").has_clean_text(restored.reason(), "reason");
}

Status check(const schema::RunAnnotated& annotated) {
  const Part annotation("annotation");
  RL_TRY_VOID(annotation.has(annotated.note() != nullptr || !is_empty(annotated.tags()),
                             "tag and no note"));
  RL_TRY_VOID(check_tags(annotation, annotated.tags()));
  return annotation.has_clean_text(annotated.note(), "note");
}

Status check(const schema::RunReproduced& reproduced) {
  const Part reproduction("reproduction");
  RL_TRY_VOID(reproduction.has(!is_empty(reproduced.verdicts()), "verdict"));
  for (const schema::Reproduction* one : *reproduced.verdicts()) {
    RL_TRY_VOID(reproduction.has_known(one->verdict(), "verdict on a run"));
    const bool told = one->verdict() != schema::Verdict::exact || one->result_digest() != nullptr;
    RL_TRY_VOID(reproduction.has(told, "result digest of a run that it calls exact"));
  }
  return {};
}

Status check(const schema::CheckRecorded& recorded) {
  const Part checking("check of a run");
  RL_TRY_VOID(checking.has_known(recorded.kind(), "kind"));
  RL_TRY_VOID(checking.has_known(recorded.verdict(), "verdict"));
  RL_TRY_VOID(checking.has(!is_empty(recorded.detail()), "detail"));
  RL_TRY_VOID(checking.has_clean_text(recorded.detail(), "detail"));
  RL_TRY_VOID(checking.has_clean_text(recorded.real(), "decision"));
  RL_TRY_VOID(checking.has_clean_text(recorded.otherwise(), "other decision"));
  RL_TRY_VOID(checking.is_known(recorded.future(), "other future"));
  if (recorded.verdict() != schema::CheckVerdict::failed) return {};
  RL_TRY_VOID(checking.has_known(recorded.future(), "other future"));
  return checking.has(recorded.bar().has_value(), "bar on which the decisions differ");
}

// ---- Inputs, and the ledger itself ----------------------------------------------------------

Status check_chunks(const Part& part, const schema::DatasetImported& imported) {
  RL_TRY_VOID(part.has(!is_empty(imported.chunks()), "chunk"));
  std::uint64_t bars = 0;
  for (const schema::Chunk* chunk : *imported.chunks()) {
    RL_TRY_VOID(part.has(chunk->digest() != nullptr, "digest of a chunk"));
    bars += chunk->bars();
  }
  if (bars == imported.bars() && bars > 0) return {};
  return wrong("The imported dataset has " + std::to_string(imported.bars()) +
               " bars and its chunks hold " + std::to_string(bars) +
               "; expected the same number, and at least one.");
}

Status check_applied(const Part& dataset, const schema::DatasetImported& imported) {
  if (imported.applied() == nullptr) return {};
  for (const schema::AppliedColumn* one : *imported.applied()) {
    RL_TRY_VOID(dataset.has_known(one->kind(), "kind of an applied column"));
    RL_TRY_VOID(dataset.has(!is_empty(one->column()), "name of an applied column"));
  }
  return dataset.has(imported.adjustment().has_value(), "adjustment that applied columns made");
}

Status check(const schema::DatasetImported& imported) {
  const Part dataset("imported dataset");
  RL_TRY_VOID(dataset.has_key_text(imported.ticker(), "ticker"));
  RL_TRY_VOID(dataset.has_key_text(imported.interval(), "interval"));
  RL_TRY_VOID(dataset.has(imported.dataset() != nullptr, "digest"));
  RL_TRY_VOID(dataset.has(imported.raw_digest() != nullptr, "digest of the file that was read"));
  RL_TRY_VOID(dataset.has(imported.start().has_value(), "time of its first bar"));
  RL_TRY_VOID(dataset.has(imported.end().has_value(), "time of its last bar"));
  if (*imported.start() > *imported.end())
    return wrong("The imported dataset ends before it starts; expected the times of its bars.");
  RL_TRY_VOID(dataset.is_known(imported.adjustment(), "adjustment"));
  RL_TRY_VOID(check_applied(dataset, imported));
  RL_TRY_VOID(dataset.is_known(imported.date_order(), "order of dates"));
  RL_TRY_VOID(dataset.is_known(imported.decimal(), "decimal mark"));
  RL_TRY_VOID(dataset.is_known(imported.on_bad(), "treatment of bad rows"));
  return check_chunks(dataset, imported);
}

Status check(const schema::PluginRegistered& registered) {
  const Part plugin("registered plugin");
  RL_TRY_VOID(plugin.has(registered.plugin() != nullptr, "digest"));
  RL_TRY_VOID(plugin.has(!is_empty(registered.file_name()), "file name"));
  RL_TRY_VOID(plugin.has(!is_empty(registered.strategies()), "strategy"));
  for (const schema::StrategyInfo* strategy : *registered.strategies())
    RL_TRY_VOID(plugin.has(!is_empty(strategy->name()), "name of a strategy"));
  return {};
}

Status check(const schema::EngineRegistered& registered) {
  const Part engine("registered engine");
  RL_TRY_VOID(engine.has(registered.runtime() != nullptr, "runtime digest"));
  RL_TRY_VOID(engine.has(!is_empty(registered.files()), "file"));
  for (const schema::RuntimeFile* file : *registered.files()) {
    RL_TRY_VOID(engine.has(!is_empty(file->path()), "path of a file"));
    RL_TRY_VOID(engine.has(file->digest() != nullptr, "digest of a file"));
    RL_TRY_VOID(engine.has(!is_empty(file->name()), "name of a file"));
    RL_TRY_VOID(engine.has_known(file->role(), "role of a file"));
  }
  return {};
}

Status check(const schema::LedgerOpened& opened) {
  const Part opening("opening of the ledger");
  RL_TRY_VOID(opening.has(opened.format() != 0, "format"));
  return opening.has(!is_empty(opened.origin()), "origin");
}

std::unexpected<Error> not_recorded(schema::Payload kind) {
  const std::string_view name = kind_name(kind);
  return fail(ErrorCode::unsupported,
              "This version of runledger does not record events of kind " +
                  (name.empty() ? std::to_string(static_cast<unsigned>(kind)) : std::string(name)) +
                  ". Use a newer one.");
}

Status check_payload(const schema::Event& event) {
  switch (event.payload_type()) {
    case schema::Payload::LedgerOpened:
      return check(*event.payload_as_LedgerOpened());
    case schema::Payload::DatasetImported:
      return check(*event.payload_as_DatasetImported());
    case schema::Payload::PluginRegistered:
      return check(*event.payload_as_PluginRegistered());
    case schema::Payload::EngineRegistered:
      return check(*event.payload_as_EngineRegistered());
    case schema::Payload::RunCompleted:
      return check(*event.payload_as_RunCompleted());
    case schema::Payload::RunFailed:
      return check(*event.payload_as_RunFailed());
    case schema::Payload::RunRetracted:
      return check(*event.payload_as_RunRetracted());
    case schema::Payload::RunRestored:
      return check(*event.payload_as_RunRestored());
    case schema::Payload::RunAnnotated:
      return check(*event.payload_as_RunAnnotated());
    case schema::Payload::RunReproduced:
      return check(*event.payload_as_RunReproduced());
    case schema::Payload::CheckRecorded:
      return check(*event.payload_as_CheckRecorded());
    default:
      return not_recorded(event.payload_type());
  }
}

}  // namespace

Status check_content(const schema::Event& event) {
  const Part whole("event");
  RL_TRY_VOID(whole.has(event.actor() != nullptr, "actor"));
  RL_TRY_VOID(whole.has_key_text(event.actor()->name(), "name of the actor"));
  RL_TRY_VOID(whole.is_known(event.actor()->kind(), "kind of actor"));
  return check_payload(event);
}

}  // namespace runledger::ledger
