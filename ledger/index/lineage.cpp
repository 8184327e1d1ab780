#include <runledger/base/bytes.hpp>

#include "lookup.hpp"
#include "projections.hpp"

namespace runledger::ledger {
namespace {

void put_about(const Step& step, Seq run, Changes& changes) {
  std::string key = about_prefix(run);
  append_be64(key, step.seq.value);
  changes.push_back({Family::lookup, std::move(key), encode_seq(step.seq)});
}

// For a run that the event names and that nobody else has looked at.
Status note_about(const Step& step, Seq run, Changes& changes) {
  RL_TRY_VOID(read_run_facts(step.before, run));
  put_about(step, run, changes);
  return {};
}

}  // namespace

Status project_lineage(const Step& step, Changes& changes) {
  if (step.run && step.visibility) {
    put_about(step, step.run->row.id, changes);
    return {};
  }
  if (step.run && step.run->row.parent) return note_about(step, *step.run->row.parent, changes);
  if (const auto* annotated = step.event.payload_as_RunAnnotated())
    return note_about(step, Seq(annotated->run()), changes);
  if (const auto* checked = step.event.payload_as_CheckRecorded())
    return note_about(step, Seq(checked->run()), changes);
  const auto* reproduced = step.event.payload_as_RunReproduced();
  if (reproduced == nullptr || reproduced->verdicts() == nullptr) return {};
  for (const schema::Reproduction* verdict : *reproduced->verdicts())
    RL_TRY_VOID(note_about(step, Seq(verdict->run()), changes));
  return {};
}

}  // namespace runledger::ledger
