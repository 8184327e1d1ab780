#include "check_head.hpp"

#include <string>

#include "event.hpp"

namespace runledger::ledger {
namespace {

std::string event_count(std::uint64_t count) {
  return std::to_string(count) + (count == 1 ? " event" : " events");
}

std::string range_text(const SeqRange& range) {
  if (range.first == range.last) return "event " + std::to_string(range.first.value);
  return "events " + std::to_string(range.first.value) + " to " + std::to_string(range.last.value);
}

// What is there, and the way on that this leaves.
std::string survivors_text(const LogFound& log) {
  if (log.size.value == 0) return "no event is there. Restore a backup of the ledger.";
  const std::string there = event_count(log.size.value) +
                            (log.size.value == 1 ? " is there (" : " are there (0 to ") +
                            std::to_string(log.size.value - 1) + "), ";
  if (!log.whole)
    return there + "not all of them whole, as other findings say. Restore a backup of the ledger.";
  return there +
         "all of them whole. Restore a backup of the ledger; or, to go on knowingly with what is "
         "there, see `runledger doctor --repair-head`.";
}

bool is_of_state(const HeadRecord& head, const LogState& state) {
  return head.generation == state.generation && head.size == state.size &&
         head.recorded_at == state.recorded_at;
}

void check_generation(const Inspection& inspection, const LogFound& log, Findings& findings,
                      Findings& notes) {
  const LogState& state = *inspection.state;
  if (!fit_together(inspection)) {
    const HeadRecord& head = *inspection.acknowledged;
    findings.add("HEAD", "HEAD says " + event_count(head.size.value) + " in commit group " +
                             std::to_string(head.generation) + " and the database says " +
                             event_count(state.size.value) + " in group " +
                             std::to_string(state.generation) +
                             ": one of them was replaced by an older copy; " + survivors_text(log));
  } else if (inspection.unfinished) {
    const SeqRange beyond{Seq(inspection.acknowledged->size.value), Seq(state.size.value - 1)};
    notes.add("HEAD",
              "The log has " + range_text(beyond) +
                  " beyond what HEAD acknowledges: who wrote that ended before anybody was told; "
                  "the next command that writes completes it.",
              beyond.first);
  }
}

// The bytes of HEAD, when a slot counts.
void check_shape(const Inspection& inspection, Findings& findings, Findings& notes) {
  if (inspection.shape == HeadShape::changed)
    findings.add(
        "HEAD",
        "HEAD is not as it was written: bytes beside its two slots were changed, or a slot "
        "is another's. What it acknowledges can still be read; "
        "`runledger doctor --repair-head` writes it anew.");
  if (inspection.shape != HeadShape::one_slot) return;
  if (inspection.unfinished)
    notes.add(
        "HEAD",
        "One of HEAD's two slots is torn, as a power cut in the middle of writing it leaves "
        "it; the other one holds and nothing is lost: the next command that writes mends it.");
  else
    findings.add("HEAD",
                 "HEAD is not as it was written: one of its two slots was changed. If that was the "
                 "older one, nothing is lost, and the next run that is recorded writes it anew; "
                 "compare the size and root with those of a backup to be sure.");
}

}  // namespace

bool fit_together(const Inspection& inspection) {
  const LogState& state = *inspection.state;
  if (inspection.unfinished) {
    const auto newest = load_event(*inspection.database, Seq(state.size.value - 1));
    return state.size > inspection.acknowledged->size &&
           (!newest || newest->recorded_at() == state.recorded_at);
  }
  if (inspection.head->generation > state.generation) return false;
  // A committer may have gone on since the database was opened.
  return inspection.acknowledged->generation > state.generation ||
         is_of_state(*inspection.acknowledged, state);
}

std::optional<SeqRange> missing_events(const Inspection& inspection, const LogFound& log) {
  if (!inspection.head || inspection.head->size <= log.size) return std::nullopt;
  return SeqRange{Seq(log.size.value), inspection.head->seq};
}

void check_head(const Inspection& inspection, const LogFound& log, Findings& findings,
                Findings& notes) {
  const auto missing = missing_events(inspection, log);
  if (!inspection.head || !inspection.acknowledged) {
    notes.add("db", survivors_text(log));
    return;
  }
  if (missing)
    findings.add("db",
                 "HEAD acknowledged " + event_count(inspection.head->size.value) + " and " +
                     range_text(*missing) + (missing->first == missing->last ? " is" : " are") +
                     " missing: the database was replaced by an older copy, or its newest records "
                     "are lost; " +
                     survivors_text(log),
                 missing->first);
  else if (!inspection.state)
    findings.add("db",
                 "The row that says how many events there are is missing or cannot be read; " +
                     survivors_text(log));
  else
    check_generation(inspection, log, findings, notes);
  check_shape(inspection, findings, notes);
}

}  // namespace runledger::ledger
