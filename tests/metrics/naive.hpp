#pragma once

#include <map>

#include "hand_run.hpp"

namespace runledger::metrics_test {

// Every figure of metric_table(), straight from its definition in core/metrics/METRICS.md: sorting,
// copying and counting, without regard to speed. NaN is undefined.
std::map<Metric, double> naive_metrics(const HandRun& run);

}  // namespace runledger::metrics_test
