#include "projection.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "event.hpp"
#include "projections.hpp"

namespace runledger::ledger {
namespace {

// In this order: the counters rely on what project_visibility() refuses.
constexpr std::array kProjections{project_requests, project_visibility, project_runs,
                                  project_counters, project_actors,     project_lineage,
                                  project_datasets, project_plugins};

// Of a run that is no replay: a request, an actor, four index entries; and its event.
constexpr std::size_t kUsualChanges = 8;

Status check_place(const schema::Event& event, Seq seq) {
  RL_TRY_VOID(check_derivable(event));
  const bool opens = event.payload_type() == schema::Payload::LedgerOpened;
  if (opens == (seq == Seq(0))) return {};
  return fail(ErrorCode::conflict,
              opens ? "The ledger was opened by event 0 already; it cannot be opened again."
                    : "The first event of a ledger opens it; found another one.");
}

Result<Step> make_step(const schema::Event& event, const View& before, CounterRows& counters) {
  Step step{.event = event,
            .before = before,
            .counters = counters,
            .seq = Seq(event.stamp()->seq()),
            .run = run_facts(event),
            .visibility = {}};
  if (const auto* retracted = event.payload_as_RunRetracted()) {
    RL_TRY(step.run, read_run_facts(before, Seq(retracted->run())));
    step.visibility = Visibility::hidden;
  }
  if (const auto* restored = event.payload_as_RunRestored()) {
    RL_TRY(step.run, read_run_facts(before, Seq(restored->run())));
    step.visibility = Visibility::shown;
  }
  return step;
}

}  // namespace

Result<Changes> project(const schema::Event& event, const View& before) {
  CounterRows counters(&before);
  RL_TRY(Changes changes, project(event, before, counters));
  std::ranges::move(counters.changes(), std::back_inserter(changes));
  return changes;
}

Result<Changes> project(const schema::Event& event, const View& before, CounterRows& counters) {
  RL_TRY_VOID(check_place(event, Seq(event.stamp()->seq())));
  RL_TRY(const Step step, make_step(event, before, counters));
  Changes changes;
  changes.reserve(kUsualChanges);
  for (const auto& projection : kProjections) RL_TRY_VOID(projection(step, changes));
  return changes;
}

}  // namespace runledger::ledger
