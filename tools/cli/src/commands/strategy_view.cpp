#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/cli/json.hpp>

#include "commands.hpp"

namespace runledger::cli {
namespace {

std::string_view kind_name(app::ParameterKind kind) {
  switch (kind) {
    case app::ParameterKind::integer:
      return "integer";
    case app::ParameterKind::real:
      return "real";
    case app::ParameterKind::boolean:
      return "boolean";
    case app::ParameterKind::choice:
      return "choice";
  }
  return "";
}

// A value as the number or the boolean that it is.
Json typed(const app::ParameterSummary& parameter, const std::string& text) {
  if (text.empty()) return {};
  switch (parameter.kind) {
    case app::ParameterKind::integer:
      if (const auto number = parse_int(text)) return Json(*number);
      break;
    case app::ParameterKind::real:
      if (const auto number = parse_double(text)) return Json(*number);
      break;
    case app::ParameterKind::boolean:
      return Json(text == "true" || text == "1");
    case app::ParameterKind::choice:
      break;
  }
  return Json(text);
}

Json parameter_json(const app::ParameterSummary& p) {
  Json choices = Json::array();
  for (const std::string& choice : p.choices) choices.add(choice);
  return Json::object({{"name", p.name},
                       {"type", kind_name(p.kind)},
                       {"doc", p.doc},
                       {"unit", p.unit},
                       {"default", typed(p, p.default_value)},
                       {"min", typed(p, p.min)},
                       {"max", typed(p, p.max)},
                       {"sweep_min", typed(p, p.sweep_min)},
                       {"sweep_max", typed(p, p.sweep_max)},
                       {"sweep_step", typed(p, p.sweep_step)},
                       {"choices", std::move(choices)}});
}

std::string range_text(const app::ParameterSummary& p) {
  if (p.kind == app::ParameterKind::boolean) return "true, false";
  if (p.kind == app::ParameterKind::choice) return join(p.choices, ", ");
  if (p.min.empty() && p.max.empty()) return "any";
  return fmt::format("{} to {}", p.min.empty() ? "any" : p.min, p.max.empty() ? "any" : p.max);
}

}  // namespace

Json strategy_json(const app::StrategySummary& s) {
  Json parameters = Json::array();
  for (const app::ParameterSummary& parameter : s.parameters) {
    parameters.add(parameter_json(parameter));
  }
  return Json::object({{"name", s.name},
                       {"title", s.title},
                       {"id", s.id},
                       {"version", s.version},
                       {"doc", s.doc},
                       {"sizes_orders", s.sizes_orders},
                       {"parameters", std::move(parameters)},
                       {"file", s.file.string()},
                       {"plugin", s.plugin.hex()},
                       {"built_with", s.built_with},
                       {"commit", s.commit},
                       {"dirty", s.dirty},
                       {"remote", s.remote},
                       {"flags", s.flags}});
}

std::string parameter_table(const app::StrategySummary& strategy, const Terminal& terminal) {
  Table table({{"parameter"},
               {"type", Align::left, false, 2},
               {"default", Align::right},
               {"range"},
               {"unit", Align::left, false, 1},
               {"meaning", Align::left, true}});
  for (const app::ParameterSummary& p : strategy.parameters) {
    table.add({{p.name, Tone::strong},
               {std::string(kind_name(p.kind))},
               {p.default_value},
               {range_text(p)},
               {p.unit},
               {p.doc}});
  }
  return table.render(terminal);
}

}  // namespace runledger::cli
