#pragma once

#include <string>
#include <string_view>

#include <runledger/schemas/event_generated.h>

#include "../parameters.hpp"
#include "../run_events.hpp"
#include "../run_plan.hpp"

namespace runledger::app {

// What all trials of a sweep on one ticker have in common.
struct TickerPlan {
  std::uint32_t ticker = 0;  // its place among those asked for
  RunPlan plan;
  std::string identity;  // of the trials, but for their parameters
};

// Names everything that decides the results of a plan's trials besides their parameters.
std::string identity_of(const schema::RunSpecT& spec);

// The request id of a trial: the same whenever the same trial of the same sweep is asked for.
std::string trial_request_id(std::string_view sweep, std::string_view identity,
                             const Parameters& parameters);

// The event of one trial. `spec` is that of its plan, with runtime and environment, without
// parameters.
ledger::PendingEvent trial_event(const Context& context, const std::string& request_id,
                                 const schema::RunSpecT& spec, Parameters parameters,
                                 std::size_t bars, worker::RunOutcome outcome);

}  // namespace runledger::app
