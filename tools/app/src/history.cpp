#include <algorithm>
#include <set>

#include <fmt/format.h>

#include <runledger/app/runs.hpp>
#include <runledger/base/text.hpp>

#include "event_building.hpp"
#include "ledger_access.hpp"
#include "option_text.hpp"
#include "run_reading.hpp"

namespace runledger::app {
namespace {

constexpr std::size_t kAncestorsMax = 10'000;
constexpr std::size_t kReasonBytesMax = 4'096;

std::string changes_text(const std::vector<OverrideDetail>& changes) {
  std::vector<std::string> texts;
  for (const OverrideDetail& change : changes) texts.push_back(override_text(change));
  return texts.empty() ? "nothing changed" : join(texts, ", ");
}

std::string reason_text(const flatbuffers::String* reason) {
  const std::string text = text_or_empty(reason);
  return text.empty() ? text : ": " + text;
}

const schema::RunSpec* spec_of(const schema::Event& event) {
  if (const auto* run = event.payload_as_RunCompleted()) return run->spec();
  if (const auto* run = event.payload_as_RunFailed()) return run->spec();
  return nullptr;
}

HistoryEntry entry_of(const ledger::StoredEvent& stored, Seq about) {
  const schema::Event& event = event_in(stored);
  HistoryEntry entry;
  entry.event = stored.seq();
  entry.at = stored.recorded_at();
  if (event.actor() != nullptr) entry.actor = text_or_empty(event.actor()->name());
  entry.text = event_text(stored);
  entry.what = "recorded";
  if (const schema::RunSpec* spec = spec_of(event)) {
    const bool child = spec->parent() && stored.seq() != about;
    if (child && Seq(*spec->parent()) == about) entry.what = "replayed";
    entry.changes = overrides_of(*spec);
    if (spec->parent())
      entry.text +=
          fmt::format(", a replay of {}: {}", *spec->parent(), changes_text(entry.changes));
  } else if (const auto* retracted = event.payload_as_RunRetracted()) {
    entry.what = "retracted";
    entry.text += reason_text(retracted->reason());
  } else if (const auto* restored = event.payload_as_RunRestored()) {
    entry.what = "restored";
    entry.text += reason_text(restored->reason());
  } else if (event.payload_type() == schema::Payload::RunAnnotated) {
    entry.what = "annotated";
  } else if (event.payload_type() == schema::Payload::RunReproduced) {
    entry.what = "reproduced";
  } else if (const auto* check = event.payload_as_CheckRecorded()) {
    entry.what = "checked";
    entry.text += reason_text(check->detail());
  }
  return entry;
}

// The runs that led to this one, oldest first, this one last. A parent is always older than its
// child, so this ends.
Result<std::vector<RunRecord>> line_of(const ledger::Reader& reader, Seq id) {
  std::vector<RunRecord> line;
  std::optional<Seq> next = id;
  while (next && line.size() < kAncestorsMax) {
    RL_TRY(RunRecord record, read_record(reader, *next));
    const auto parent = record.spec().parent();
    if (parent && *parent >= next->value)
      return fail(ErrorCode::damaged,
                  fmt::format("run {} names the later run {} as its parent; run "
                              "`runledger verify`",
                              next->value, *parent));
    next = parent ? std::optional(Seq(*parent)) : std::nullopt;
    line.push_back(std::move(record));
  }
  std::ranges::reverse(line);
  return line;
}

template <class PayloadT>
Result<VisibilityChange> change_visibility(const Context& context, const std::vector<Seq>& runs,
                                           const std::string& reason) {
  if (runs.empty())
    return fail(ErrorCode::invalid_input, "no run is given; name them by their ids");
  if (reason.size() > kReasonBytesMax || !is_printable_utf8(reason))
    return fail(
        ErrorCode::invalid_input,
        fmt::format("the reason is longer than {} bytes or not printable", kReasonBytesMax));
  {
    RL_TRY(const ledger::Reader reader, open_reader(context));
    for (const Seq run : runs) {
      RL_TRY([[maybe_unused]] const auto record, read_record(reader, run));
    }
  }
  VisibilityChange change;
  std::vector<ledger::PendingEvent> events;
  std::set<Seq> seen;
  for (const Seq run : runs) {
    if (!seen.insert(run).second) continue;
    PayloadT payload;
    payload.run = run.value;
    payload.reason = reason;
    events.push_back(make_event(new_request_id(), context.actor, std::move(payload)));
    change.runs.push_back(run);
  }
  RL_TRY(ledger::Recorded recorded, append(context, std::move(events)));
  change.events = std::move(recorded.seqs);
  return change;
}

}  // namespace

Result<std::vector<HistoryEntry>> history(const Context& context, Seq id) {
  RL_TRY(const ledger::Reader reader, open_reader(context));
  RL_TRY(const std::vector<RunRecord> line, line_of(reader, id));
  std::vector<HistoryEntry> entries;
  for (const RunRecord& record : line) entries.push_back(entry_of(record.event, id));
  RL_TRY(const std::vector<Seq> later, reader.events_about(id));
  for (const Seq seq : later) {
    RL_TRY(const ledger::StoredEvent event, reader.event(seq));
    entries.push_back(entry_of(event, id));
  }
  return entries;
}

Result<VisibilityChange> retract(const Context& context, const std::vector<Seq>& runs,
                                 const std::string& reason) {
  if (trim(reason).empty())
    return fail(ErrorCode::invalid_input, "no reason is given; say why with --reason TEXT");
  return change_visibility<schema::RunRetractedT>(context, runs, reason);
}

Result<VisibilityChange> restore(const Context& context, const std::vector<Seq>& runs,
                                 const std::string& reason) {
  return change_visibility<schema::RunRestoredT>(context, runs, reason);
}

}  // namespace runledger::app
