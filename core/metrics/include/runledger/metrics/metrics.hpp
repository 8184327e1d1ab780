#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <runledger/engine/result.hpp>
#include <runledger/market/bars.hpp>

namespace runledger {

// The convention under which figures were computed; figures of unlike versions are not compared.
inline constexpr std::uint16_t kMetricsVersion = 1;

// Numbers as in schema::MetricKey and schema::MetricUndefined.
enum class Metric : std::uint16_t;
enum class Undefined : std::uint8_t;

struct MetricFigure {
  Metric key;
  double value;  // NaN when undefined
  Undefined undefined;
};

struct MetricInfo {
  Metric key;
  std::string_view name;   // `sharpe_ratio`: the one key at every door
  std::string_view label;  // `Sharpe Ratio`
  std::string_view unit;   // "", "%", "$", "s", ...
};

// Every metric there is, in order of display.
std::span<const MetricInfo> metric_table();

// The statistics of a finished run.
std::vector<MetricFigure> compute_metrics(const RunResult& result, const BarColumns& bars,
                                          Interval interval);

}  // namespace runledger
