#pragma once

#include <runledger/app/runs.hpp>
#include <runledger/metrics/metrics.hpp>

namespace runledger::app {

// A figure as metric_table() names it; what a newer program computed has its number as name.
MetricDetail metric_detail(const MetricFigure& figure);
std::vector<MetricDetail> metric_details(const std::vector<MetricFigure>& figures);

// Why a figure is NaN, in words; empty when it is defined.
std::string undefined_words(Undefined why);

}  // namespace runledger::app
