#include "metric_detail.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <runledger/schemas/run_generated.h>

namespace runledger::app {
namespace {

std::string_view group_text(MetricGroup group) {
  constexpr std::array<std::string_view, 6> kNames{"result", "risk",     "drawdown",
                                                   "trades", "exposure", "benchmark"};
  return kNames[static_cast<std::size_t>(group)];
}

// Where the periods of a year come from, which is always said beside their number.
std::string_view periods_source(double periods) {
  constexpr std::array kUsual{365.0, 252.0, 52.0, 12.0, 4.0, 1.0};
  return std::ranges::find(kUsual, periods) != kUsual.end() ? " (inferred)" : " (observed)";
}

}  // namespace

std::string undefined_words(Undefined why) {
  if (why == Undefined::defined) return "";
  const std::string_view text = undefined_text(why);
  return !text.empty() ? std::string(text)
                       : fmt::format("undefined, for reason {} of a newer version",
                                     static_cast<unsigned>(why));
}

MetricDetail metric_detail(const MetricFigure& figure) {
  MetricDetail detail;
  const auto key = static_cast<schema::MetricKey>(figure.key);
  detail.name = schema::EnumNameMetricKey(key);
  if (detail.name.empty()) detail.name = fmt::format("metric_{}", static_cast<unsigned>(key));
  detail.label = detail.name;
  const auto info = std::ranges::find(metric_table(), figure.key, &MetricInfo::key);
  if (info != metric_table().end()) {
    detail.label = info->label;
    detail.unit = info->unit;
    detail.group = group_text(info->group);
  }
  detail.value = figure.value;
  detail.undefined = undefined_words(figure.undefined);
  if (figure.key == Metric::periods_per_year && detail.undefined.empty())
    detail.label += periods_source(detail.value);
  return detail;
}

std::vector<MetricDetail> metric_details(const std::vector<MetricFigure>& figures) {
  std::vector<MetricDetail> details;
  for (const MetricFigure& figure : figures) details.push_back(metric_detail(figure));
  return details;
}

}  // namespace runledger::app
