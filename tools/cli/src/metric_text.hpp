#pragma once

#include <runledger/app/runs.hpp>
#include <runledger/cli/table.hpp>

namespace runledger::cli {

// A figure as people read it; `n/a` without its reason when it has none. Its unit stands in the
// label.
Cell metric_cell(const app::MetricDetail& metric);
std::string metric_label(const app::MetricDetail& metric);
// Null when there is none of that name.
const app::MetricDetail* find_metric(const std::vector<app::MetricDetail>& metrics,
                                     std::string_view name);

}  // namespace runledger::cli
