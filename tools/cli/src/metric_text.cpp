#include "metric_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <runledger/cli/numbers.hpp>

namespace runledger::cli {

Cell metric_cell(const app::MetricDetail& metric) {
  if (!metric.undefined.empty()) return {"n/a", Tone::faint};
  const bool change = metric.name == "pnl" || metric.name.ends_with("return_pct");
  const Tone tone = !change || metric.value == 0 ? Tone::plain
                    : metric.value > 0           ? Tone::good
                                                 : Tone::bad;
  if (metric.unit == "%") {
    return {change ? percent_change(metric.value) : percent(metric.value), tone};
  }
  if (metric.unit == "$") return {money(metric.value), tone};
  if (metric.unit == "s") return {calendar_time(metric.value), tone};
  if (metric.name.find("var_95") != std::string::npos) return {fmt::format("{:.4f}", metric.value)};
  const bool whole = metric.name.ends_with("_trades") || metric.name.starts_with("max_") ||
                     metric.name == "periods_per_year";
  return {whole ? quantity(metric.value) : ratio(metric.value), tone};
}

std::string metric_label(const app::MetricDetail& metric) {
  const bool shown = metric.unit.empty() || metric.unit == "s";
  return shown ? metric.label : fmt::format("{} [{}]", metric.label, metric.unit);
}

const app::MetricDetail* find_metric(const std::vector<app::MetricDetail>& metrics,
                                     std::string_view name) {
  const auto at = std::ranges::find(metrics, name, &app::MetricDetail::name);
  return at == metrics.end() ? nullptr : &*at;
}

}  // namespace runledger::cli
