#include "parameters.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include <runledger/base/text.hpp>

namespace runledger::app {
namespace {

using schema::ParameterInfoT;
using schema::ParameterT;
using schema::ParameterType;
using schema::ParameterValue;
using schema::StrategyDescriptionT;

std::string choice_label(const ParameterInfoT& info, const ParameterValue& value) {
  if (value.type() != ParameterType::choice) return {};
  const auto index = static_cast<std::size_t>(value.i());
  return index < info.choices.size() ? info.choices[index] : std::string();
}

std::string bound_text(const ParameterInfoT& info, const std::unique_ptr<ParameterValue>& bound) {
  return bound ? value_text(*bound, choice_label(info, *bound)) : std::string();
}

// `a whole number from 2 to 200 bars`
std::string expectation(const ParameterInfoT& info) {
  switch (info.default_value->type()) {
    case ParameterType::boolean:
      return "true or false";
    case ParameterType::choice:
      return "one of " + join(info.choices, ", ");
    case ParameterType::integer:
    case ParameterType::real:
    case ParameterType::none:
      break;
  }
  const bool whole = info.default_value->type() == ParameterType::integer;
  std::string text = fmt::format("{} from {} to {}", whole ? "a whole number" : "a number",
                                 bound_text(info, info.min), bound_text(info, info.max));
  if (!info.unit.empty()) text += " " + info.unit;
  return text;
}

std::optional<ParameterValue> parse_boolean(std::string_view text) {
  const std::string lower = to_lower(text);
  if (lower == "true" || lower == "1" || lower == "yes" || lower == "on")
    return ParameterValue(1, 0, ParameterType::boolean);
  if (lower == "false" || lower == "0" || lower == "no" || lower == "off")
    return ParameterValue(0, 0, ParameterType::boolean);
  return std::nullopt;
}

std::optional<ParameterValue> parse_choice(const ParameterInfoT& info, std::string_view text) {
  const auto found = std::ranges::find(info.choices, text);
  if (found == info.choices.end()) return std::nullopt;
  return ParameterValue(found - info.choices.begin(), 0, ParameterType::choice);
}

std::optional<ParameterValue> parse_value(const ParameterInfoT& info, std::string_view text) {
  switch (info.default_value->type()) {
    case ParameterType::integer:
      if (const auto number = parse_int(text))
        return ParameterValue(*number, 0, ParameterType::integer);
      return std::nullopt;
    case ParameterType::real:
      if (const auto number = parse_double(text); number && !std::isnan(*number))
        return ParameterValue(0, *number, ParameterType::real);
      return std::nullopt;
    case ParameterType::boolean:
      return parse_boolean(text);
    case ParameterType::choice:
      return parse_choice(info, text);
    case ParameterType::none:
      break;
  }
  return std::nullopt;
}

bool within_bounds(const ParameterInfoT& info, const ParameterValue& value) {
  if (!info.min || !info.max) return true;
  if (value.type() == ParameterType::real)
    return value.f() >= info.min->f() && value.f() <= info.max->f();
  if (value.type() == ParameterType::integer)
    return value.i() >= info.min->i() && value.i() <= info.max->i();
  return true;
}

ParameterT parameter_of(const ParameterInfoT& info, const ParameterValue& value) {
  ParameterT parameter;
  parameter.name = info.name;
  parameter.value = std::make_unique<ParameterValue>(value);
  parameter.choice = choice_label(info, value);
  return parameter;
}

std::size_t position_of(const StrategyDescriptionT& strategy, std::string_view name) {
  const auto found = std::ranges::find_if(strategy.parameters,
                                          [&](const auto& info) { return info->name == name; });
  return static_cast<std::size_t>(found - strategy.parameters.begin());
}

Error unknown_parameter(const StrategyDescriptionT& strategy, std::string_view name) {
  std::vector<std::string> names;
  names.reserve(strategy.parameters.size());
  for (const auto& info : strategy.parameters) names.push_back(info->name);
  std::string message = fmt::format("`{}` is not a parameter of {}", name, strategy.name);
  if (const auto near = nearest(name, names)) message += fmt::format("; did you mean `{}`?", *near);
  message += names.empty() ? "; it has none" : fmt::format(" (it has {})", join(names, ", "));
  return {ErrorCode::invalid_input, std::move(message)};
}

// Checks a value that was recorded with another version of the plugin against today's declaration.
Result<ParameterT> carried_over(const StrategyDescriptionT& strategy, const ParameterInfoT& info,
                                const ParameterT& recorded) {
  const std::string text = value_text(*recorded.value, recorded.choice);
  const auto value = parse_value(info, text);
  if (!value || !within_bounds(info, *value))
    return fail(
        ErrorCode::invalid_input,
        fmt::format("the recorded value {} of {} does not suit this version of {}; expected "
                    "{}: give it with -p",
                    text, info.name, strategy.name, expectation(info)));
  return parameter_of(info, *value);
}

}  // namespace

std::string_view parameter_name(std::string_view text) {
  return trim(text.substr(0, text.find('=')));
}

std::string value_text(const ParameterValue& value, std::string_view choice) {
  switch (value.type()) {
    case ParameterType::integer:
      return std::to_string(value.i());
    case ParameterType::real:
      return format_double(value.f());
    case ParameterType::boolean:
      return value.i() != 0 ? "true" : "false";
    case ParameterType::choice:
      return std::string(choice);
    case ParameterType::none:
      break;
  }
  return {};
}

Value value_of(const ParameterValue& value, std::string_view choice) {
  switch (value.type()) {
    case ParameterType::integer:
      return value.i();
    case ParameterType::real:
      return value.f();
    case ParameterType::boolean:
      return value.i() != 0;
    case ParameterType::choice:
    case ParameterType::none:
      break;
  }
  return std::string(choice);
}

Parameters default_parameters(const StrategyDescriptionT& strategy) {
  Parameters values;
  values.reserve(strategy.parameters.size());
  for (const auto& info : strategy.parameters)
    values.push_back(parameter_of(*info, *info->default_value));
  return values;
}

Result<ParameterT> parse_parameter(const ParameterInfoT& info, std::string_view text) {
  const auto value = parse_value(info, text);
  if (!value || !within_bounds(info, *value))
    return fail(ErrorCode::invalid_input,
                fmt::format("the parameter {} is {}; expected {}", info.name,
                            text.empty() ? "empty" : text, expectation(info)));
  return parameter_of(info, *value);
}

Result<std::size_t> find_parameter(const StrategyDescriptionT& strategy, std::string_view name) {
  const std::size_t at = position_of(strategy, name);
  if (at == strategy.parameters.size()) return std::unexpected(unknown_parameter(strategy, name));
  return at;
}

Result<Parameters> merge_parameters(const StrategyDescriptionT& strategy,
                                    std::span<const ParameterT> base,
                                    std::span<const std::string> texts) {
  Parameters values = default_parameters(strategy);
  std::vector<bool> given(values.size(), false);
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos)
      return fail(ErrorCode::invalid_input,
                  fmt::format("the parameter is `{}`; expected name=value", text));
    const std::string_view name = parameter_name(text);
    const std::string_view value_part = trim(std::string_view(text).substr(equals + 1));
    RL_TRY(const std::size_t at, find_parameter(strategy, name));
    if (given[at])
      return fail(ErrorCode::invalid_input, fmt::format("the parameter {} is given twice", name));
    RL_TRY(values[at], parse_parameter(*strategy.parameters[at], value_part));
    given[at] = true;
  }
  for (const ParameterT& recorded : base) {
    RL_TRY(const std::size_t at, find_parameter(strategy, recorded.name));
    if (given[at]) continue;
    RL_TRY(values[at], carried_over(strategy, *strategy.parameters[at], recorded));
  }
  return values;
}

ParameterSummary summary_of(const ParameterInfoT& info) {
  ParameterSummary summary;
  summary.name = info.name;
  summary.doc = info.doc;
  summary.unit = info.unit;
  summary.kind = static_cast<ParameterKind>(info.default_value->type());
  summary.default_value = bound_text(info, info.default_value);
  summary.choices = info.choices;
  if (summary.kind == ParameterKind::boolean || summary.kind == ParameterKind::choice)
    return summary;
  summary.min = bound_text(info, info.min);
  summary.max = bound_text(info, info.max);
  summary.sweep_min = bound_text(info, info.sweep_min);
  summary.sweep_max = bound_text(info, info.sweep_max);
  summary.sweep_step = bound_text(info, info.sweep_step);
  return summary;
}

}  // namespace runledger::app
