#include "lookup.hpp"
#include "projections.hpp"
#include "runs.hpp"

namespace runledger::ledger {
namespace {

void hide(const RunFacts& run, Seq retraction, Changes& changes) {
  const std::string row = encode_run_row(run.row);
  for (std::string& key : entry_keys(run)) {
    changes.push_back(
        {Family::retracted, hiding_key(key, retraction), encode_hiding(row, kStillHidden)});
    changes.push_back({Family::index, std::move(key), std::nullopt});
  }
  changes.push_back({Family::lookup, hidden_key(run.row.id), encode_seq(retraction)});
}

void show(const RunFacts& run, Hiding hiding, Changes& changes) {
  const std::string row = encode_run_row(run.row);
  for (std::string& key : entry_keys(run)) {
    changes.push_back(
        {Family::retracted, hiding_key(key, hiding.from), encode_hiding(row, hiding.until)});
    changes.push_back({Family::index, std::move(key), row});
  }
  changes.push_back({Family::lookup, hidden_key(run.row.id), std::nullopt});
}

}  // namespace

Status project_visibility(const Step& step, Changes& changes) {
  if (!step.run || !step.visibility) return {};
  const Seq run = step.run->row.id;
  RL_TRY(const auto hidden_by, read_seq(step.before, hidden_key(run)));
  if (*step.visibility == Visibility::hidden) {
    if (hidden_by)
      return fail(ErrorCode::conflict, "run " + std::to_string(run.value) +
                                           " was retracted already, by event " +
                                           std::to_string(hidden_by->value));
    hide(*step.run, step.seq, changes);
    return {};
  }
  if (!hidden_by)
    return fail(ErrorCode::conflict,
                "run " + std::to_string(run.value) + " is not retracted, so it cannot be restored");
  show(*step.run, {.from = *hidden_by, .until = step.seq}, changes);
  return {};
}

}  // namespace runledger::ledger
