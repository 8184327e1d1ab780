#pragma once

#include <cstdint>
#include <optional>

#include <runledger/base/result.hpp>
#include <runledger/base/types.hpp>
#include <runledger/ledger/view.hpp>
#include <runledger/schemas/event_generated.h>

#include "counter_rows.hpp"
#include "run_row.hpp"

namespace runledger::ledger {

enum class Visibility : std::uint8_t { shown, hidden };

// One event on its way into the projections.
struct Step {
  const schema::Event& event;
  const View& before;
  CounterRows& counters;  // the counters of `before`, to be counted in
  Seq seq;
  // The run that the event records, hides or shows.
  std::optional<RunFacts> run;
  // What becomes of the run; nothing when the event records it.
  std::optional<Visibility> visibility;
};

// Each adds the pairs that one projection derives from the event, and refuses an event that
// contradicts it. They do not see each other's changes.
Status project_requests(const Step& step, Changes& changes);
Status project_runs(const Step& step, Changes& changes);
Status project_counters(const Step& step, Changes& changes);
Status project_visibility(const Step& step, Changes& changes);
Status project_actors(const Step& step, Changes& changes);
Status project_lineage(const Step& step, Changes& changes);
Status project_datasets(const Step& step, Changes& changes);
Status project_plugins(const Step& step, Changes& changes);

}  // namespace runledger::ledger
