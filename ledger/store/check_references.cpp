#include "check_references.hpp"

#include <algorithm>

#include "digests.hpp"
#include "event.hpp"

namespace runledger::ledger {
namespace {

constexpr std::size_t kShownDigits = 12;

std::string shown(const Digest& digest) { return digest.hex().substr(0, kShownDigits); }

std::string text_of_string(const flatbuffers::String* text) {
  return text == nullptr ? std::string() : text->str();
}

}  // namespace

void ReferenceCheck::add(const StoredEvent& event) {
  if (event_in(event.bytes()).payload_type() > kNewestKind) return;
  unread_ = unread_ || kinds_.size() < event.seq().value;
  kinds_.resize(event.seq().value, Kind::unread);
  kinds_.push_back(Kind::other);
  const schema::Event& content = event_in(event.bytes());
  if (const schema::RunSpec* spec = run_spec(content)) {
    check_run(*spec);
    kinds_.back() = Kind::shown_run;
  } else if (const auto* imported = content.payload_as_DatasetImported()) {
    check_import(*imported);
  } else if (const auto* plugin = content.payload_as_PluginRegistered()) {
    register_digest(plugins_, plugin->plugin(), "plugin");
  } else if (const auto* engine = content.payload_as_EngineRegistered()) {
    register_digest(runtimes_, engine->runtime(), "runtime");
  } else if (const auto* retracted = content.payload_as_RunRetracted()) {
    if (check_target("retracts", retracted->run()))
      check_visibility(retracted->run(), Kind::shown_run, Kind::hidden_run);
  } else if (const auto* restored = content.payload_as_RunRestored()) {
    if (check_target("restores", restored->run()))
      check_visibility(restored->run(), Kind::hidden_run, Kind::shown_run);
  } else if (const auto* annotated = content.payload_as_RunAnnotated()) {
    check_target("annotates", annotated->run());
  } else if (const auto* reproduced = content.payload_as_RunReproduced()) {
    check_digest(runtimes_, reproduced->runtime(), "runtime");
    if (reproduced->verdicts() != nullptr)
      for (const auto* verdict : *reproduced->verdicts())
        check_target("reproduces", verdict->run());
  } else if (const auto* checked = content.payload_as_CheckRecorded()) {
    check_digest(runtimes_, checked->runtime(), "runtime");
    check_target("checks", checked->run());
  }
}

void ReferenceCheck::check_run(const schema::RunSpec& spec) {
  check_digest(plugins_, spec.plugin(), "plugin");
  check_digest(runtimes_, spec.runtime(), "runtime");
  if (spec.parent()) check_target("is a replay of", *spec.parent());
  if (spec.inputs() == nullptr || unread_) return;
  for (const auto* input : *spec.inputs()) {
    if (input->dataset() == nullptr) continue;
    const auto* interval =
        input->resampled_from() != nullptr ? input->resampled_from() : input->interval();
    const DatasetVersion named{text_of_string(input->ticker()), text_of_string(interval),
                               digest_of(*input->dataset())};
    if (datasets_.insert(named).second)
      report("names the dataset " + shown(std::get<Digest>(named)) + " of " + std::get<0>(named) +
             " " + std::get<1>(named) + ", which no event before it imported");
  }
}

void ReferenceCheck::register_digest(std::set<Digest>& known, const schema::Digest* named,
                                     std::string_view what) {
  if (named == nullptr) return report("registers a " + std::string(what) + " without naming it");
  known.insert(digest_of(*named));
}

void ReferenceCheck::check_import(const schema::DatasetImported& imported) {
  if (imported.dataset() == nullptr) return report("imports a dataset without naming it");
  DatasetVersion version{text_of_string(imported.ticker()), text_of_string(imported.interval()),
                         digest_of(*imported.dataset())};
  if (imported.previous() != nullptr && !unread_) {
    DatasetVersion before = version;
    std::get<Digest>(before) = digest_of(*imported.previous());
    if (datasets_.insert(before).second)
      report("imports data after the version " + shown(std::get<Digest>(before)) +
             ", which no event before it imported");
  }
  datasets_.insert(std::move(version));
}

bool ReferenceCheck::check_target(std::string_view verb, std::uint64_t run) {
  const Kind kind = run < kinds_.size() - 1 ? kinds_[run] : Kind::other;
  if (kind == Kind::shown_run || kind == Kind::hidden_run) return true;
  if (kind == Kind::other)
    report(std::string(verb) + " run " + std::to_string(run) +
           ", which is no run recorded before it");
  return false;
}

void ReferenceCheck::check_visibility(std::uint64_t run, Kind before, Kind after) {
  if (kinds_[run] != before && !unread_)
    report(before == Kind::shown_run
               ? "retracts run " + std::to_string(run) + ", which was retracted already"
               : "restores run " + std::to_string(run) + ", which was not retracted");
  kinds_[run] = after;
}

void ReferenceCheck::check_digest(std::set<Digest>& known, const schema::Digest* named,
                                  std::string_view what) {
  if (named == nullptr || unread_) return;
  const Digest digest = digest_of(*named);
  if (!known.insert(digest).second) return;
  report("names the " + std::string(what) + " " + shown(digest) +
         ", which no event before it registered");
}

void ReferenceCheck::report(const std::string& what) {
  const std::uint64_t seq = kinds_.size() - 1;
  const std::string event = "event " + std::to_string(seq);
  findings_.add(event,
                "E" + event.substr(1) + " " + what +
                    ": do not rely on it, and restore a backup that is older than it.",
                Seq(seq));
}

}  // namespace runledger::ledger
