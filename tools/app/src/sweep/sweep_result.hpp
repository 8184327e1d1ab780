#pragma once

#include <vector>

#include <runledger/app/sweep.hpp>
#include <runledger/metrics/metrics.hpp>
#include <runledger/schemas/event_generated.h>
#include <runledger/schemas/worker_generated.h>

#include "grid.hpp"
#include "sweep_request.hpp"
#include "trial_log.hpp"

namespace runledger::app {

// What is remembered of a completed trial; ticker, point and id are the caller's.
TrialRow row_of(const schema::RunReplyT& run, Metric objective);
TrialRow row_of(const schema::RunCompleted& run, Metric objective);

// Errors: invalid_input (a heatmap of what is not swept).
Status check_heatmap(const SweepOptions& options, const Points& points);

// The best trials and the heatmap. Errors: those of check_heatmap.
Status add_results(const SweepRequest& request, const Points& points, std::vector<TrialRow>& rows,
                   SweepReport& report);

}  // namespace runledger::app
