#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/base/time.hpp>
#include <runledger/cli/numbers.hpp>
#include <runledger/cli/run_view.hpp>
#include <runledger/cli/text_width.hpp>

#include "metric_text.hpp"

namespace runledger::cli {
namespace {

using Metrics = std::vector<app::MetricDetail>;

struct Line {
  std::string label;
  Cell value, beside;
  std::string reason;
};

// Right-aligned values under their heads, reasons behind them.
class Lines {
 public:
  void add(Line line) {
    label_ = std::max(label_, display_width(line.label));
    value_ = std::max(value_, display_width(line.value.text));
    beside_ = std::max(beside_, display_width(line.beside.text));
    lines_.push_back(std::move(line));
  }
  [[nodiscard]] std::string render(const Terminal& terminal) const {
    std::string text;
    for (const Line& line : lines_) {
      std::string row = paint(line.label, Tone::faint, terminal) + blanks(label_, line.label);
      row += "  " + right(line.value, value_, terminal);
      if (beside_ > 0) row += "  " + right(line.beside, beside_, terminal);
      if (!line.reason.empty())
        row += "  " + paint("(" + printable(line.reason) + ")", Tone::faint, terminal);
      row.resize(row.find_last_not_of(' ') + 1);
      text += row + '\n';
    }
    return text;
  }

 private:
  static std::string blanks(std::size_t wanted, const std::string& text) {
    std::string blanks;
    blanks.append(wanted - display_width(text), ' ');
    return blanks;
  }
  static std::string right(const Cell& cell, std::size_t width, const Terminal& terminal) {
    return blanks(width, cell.text) + paint(cell.text, cell.tone, terminal);
  }
  std::vector<Line> lines_;
  std::size_t label_ = 0, value_ = 0, beside_ = 0;
};

// The groups of core/metrics in their order, and what this program does not know at the end.
constexpr std::array<std::string_view, 7> kGroups{"result",   "risk",      "drawdown", "trades",
                                                  "exposure", "benchmark", ""};

bool unrecovered(const Metrics& metrics) {
  const app::MetricDetail* flag = find_metric(metrics, "unrecovered");
  return flag != nullptr && flag->value == 1;
}

Line line_of(const app::MetricDetail& metric, const Metrics& held) {
  Line line{.label = "  " + metric_label(metric),
            .value = metric_cell(metric),
            .beside = {},
            .reason = metric.undefined};
  if (const app::MetricDetail* other = find_metric(held, metric.name))
    line.beside = metric_cell(*other);
  return line;
}

std::string rates_text(const app::Figures& asked) {
  std::string text =
      fmt::format("with a risk-free rate of {} and a minimum return of {} a year",
                  format_double(asked.risk_free_rate), format_double(asked.minimum_return));
  if (asked.periods_per_year)
    text += fmt::format(", {} periods a year", format_double(*asked.periods_per_year));
  return text;
}

std::string compat_value(const app::MetricDetail& figure) {
  if (!figure.undefined.empty()) return "n/a";
  if (figure.unit == "time") {
    return format_time(static_cast<TimeNs>(figure.value) * kSecondNs);
  }
  if (figure.unit == "s") return calendar_time(figure.value);
  if (figure.unit == "$") return money(figure.value);
  const std::string text = fmt::format("{:.6g}", figure.value);
  const bool said = figure.unit.empty() || figure.label.ends_with("]") ||
                    figure.label.find("Days") != std::string::npos;
  return said ? text : text + " " + figure.unit;
}

std::string compat_text(const app::Figures& asked, const Terminal& terminal) {
  Lines lines;
  for (const app::MetricDetail& figure : asked.figures) {
    lines.add(
        {.label = "  " + figure.label,
         .value = {compat_value(figure), figure.undefined.empty() ? Tone::plain : Tone::faint},
         .beside = {},
         .reason = figure.undefined});
  }
  return fmt::format("as {} measures it, {}:\n", asked.convention, rates_text(asked)) +
         lines.render(terminal);
}

Json values_json(const Metrics& metrics) {
  Json json = Json::object();
  for (const app::MetricDetail& metric : metrics) {
    if (metric.unit == "time" && metric.undefined.empty()) {
      json.set(metric.name, format_time(static_cast<TimeNs>(metric.value) * kSecondNs));
    } else {
      json.set(metric.name, metric.value);
    }
  }
  return json;
}

Json reasons_json(const Metrics& metrics) {
  Json json = Json::object();
  for (const app::MetricDetail& metric : metrics) {
    if (!metric.undefined.empty()) json.set(metric.name, metric.undefined);
  }
  return json;
}

}  // namespace

void add_metrics(Json& json, const app::RunDetail& run, const BesideRun& beside) {
  json.set("metrics_version", run.metrics_version)
      .set("metrics", values_json(run.metrics))
      .set("metrics_undefined", reasons_json(run.metrics))
      .set("buy_and_hold", beside.buy_and_hold ? values_json(*beside.buy_and_hold) : Json())
      .set("buy_and_hold_undefined",
           beside.buy_and_hold ? reasons_json(*beside.buy_and_hold) : Json());
  if (!beside.asked) return;
  const app::Figures& asked = *beside.asked;
  json.set(asked.convention.empty() ? "metrics_asked" : "metrics_compat",
           Json::object({{"convention", asked.convention.empty() ? Json() : Json(asked.convention)},
                         {"risk_free_rate", asked.risk_free_rate},
                         {"minimum_return", asked.minimum_return},
                         {"periods_per_year", asked.periods_per_year},
                         {"metrics", values_json(asked.figures)},
                         {"metrics_undefined", reasons_json(asked.figures)}}));
}

std::string metrics_text(const app::RunDetail& run, const BesideRun& beside,
                         const Terminal& terminal) {
  if (beside.asked && !beside.asked->convention.empty())
    return compat_text(*beside.asked, terminal);
  const Metrics& metrics = beside.asked ? beside.asked->figures : run.metrics;
  if (metrics.empty()) return {};
  const Metrics held = beside.buy_and_hold.value_or(Metrics());
  Lines lines;
  if (!held.empty()) {
    lines.add({.label = "",
               .value = {"run", Tone::strong},
               .beside = {"buy & hold", Tone::strong},
               .reason = {}});
  }
  for (const std::string_view group : kGroups) {
    if (std::ranges::find(metrics, group, &app::MetricDetail::group) == metrics.end()) continue;
    lines.add({.label = std::string(group.empty() ? "other" : group),
               .value = {},
               .beside = {},
               .reason = {}});
    for (const app::MetricDetail& metric : metrics) {
      if (metric.group != group || metric.name == "unrecovered") continue;
      Line line = line_of(metric, held);
      if (metric.name == "max_drawdown_duration" && unrecovered(metrics))
        line.reason = "not recovered";
      lines.add(std::move(line));
    }
  }
  std::string text = lines.render(terminal);
  if (!held.empty())
    text +=
        "buy & hold: all the cash into it at the first close, held to the last, without costs\n";
  if (beside.asked)
    text += "figures " + rates_text(*beside.asked) + "; recorded are those with 0\n";
  return text;
}

}  // namespace runledger::cli
