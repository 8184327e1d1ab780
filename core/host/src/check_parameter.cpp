#include "check_parameter.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <set>

#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/host/check.hpp>

namespace runledger {
namespace {

constexpr std::size_t kParamSizeMin = offsetof(rl_param, choices) + sizeof(void*);  // 1.0

constexpr std::array<std::string_view, 5> kTypeNames{"", "RL_INT", "RL_REAL", "RL_BOOL",
                                                     "RL_CHOICE"};

struct NamedValue {
  std::string_view name;
  const rl_value& value;
};

// Whether every value has the type of its parameter, and a number in it.
bool check_types(const rl_param& param, const std::string& what, Findings& findings) {
  const std::size_t before = findings.size();
  for (const auto& [name, value] :
       {NamedValue{"default_value", param.default_value}, NamedValue{"min", param.min},
        NamedValue{"max", param.max}, NamedValue{"sweep_min", param.sweep_min},
        NamedValue{"sweep_max", param.sweep_max}, NamedValue{"sweep_step", param.sweep_step}}) {
    if (value.type != param.type) {
      findings.add(fmt::format("{} of {} has the type tag {}, not {} as the parameter", name, what,
                               value.type, kTypeNames[param.type]));
    } else if (value.reserved != 0) {
      findings.add(fmt::format("the reserved field in {} of {} is not zero", name, what));
    } else if (param.type == RL_REAL && !std::isfinite(value.as.f)) {
      findings.add(fmt::format("{} of {} is {}, not a finite number", name, what,
                               format_double(value.as.f)));
    }
  }
  return findings.size() == before;
}

// The number of labels; zero when they cannot be read.
std::size_t check_choices(const rl_param& param, const std::string& what, Findings& findings) {
  const std::string subject = "choices of " + what;
  if (!findings.plausible(static_cast<const void*>(param.choices), alignof(const char*), subject))
    return 0;
  std::set<std::string_view> seen;
  std::size_t count = 0;
  for (; param.choices[count] != nullptr; ++count) {
    if (count == kChoicesMax) {
      findings.add(
          fmt::format("{} are more than {}, or do not end with NULL", subject, kChoicesMax));
      return 0;
    }
    const std::string_view label = findings.text(
        param.choices[count], fmt::format("choice {} of {}", count + 1, what), kNameBytesMax);
    if (!label.empty() && !seen.insert(label).second)
      findings.add(fmt::format("{} has the choice \"{}\" twice", what, label));
  }
  if (count == 0) findings.add(fmt::format("{} are none", subject));
  return count;
}

void check_whole_range(const rl_param& param, std::int64_t last, const std::string& what,
                       Findings& findings) {
  if (param.min.as.i == 0 && param.max.as.i == last) return;
  findings.add(fmt::format("{} ranges from {} to {}, not from 0 to {} as its type says", what,
                           param.min.as.i, param.max.as.i, last));
}

void check_bounds(const rl_param& param, const std::string& what, Findings& findings) {
  if (is_less(param.max, param.min)) {
    findings.add(fmt::format("{} has a min, {}, above its max, {}", what, value_text(param.min),
                             value_text(param.max)));
    return;
  }
  const auto outside = [&](const rl_value& value) {
    return is_less(value, param.min) || is_less(param.max, value);
  };
  const auto range = [&] {
    return fmt::format("{}..{}", value_text(param.min), value_text(param.max));
  };
  if (outside(param.default_value)) {
    findings.add(fmt::format("the default of {} is {}, outside {}", what,
                             value_text(param.default_value), range()));
  }
  rl_value zero = param.sweep_step;
  zero.as = {};
  if (is_less(param.sweep_step, zero))
    findings.add(fmt::format("the sweep step of {} is below zero", what));
  if (!is_less(zero, param.sweep_step)) return;
  if (is_less(param.sweep_max, param.sweep_min) || outside(param.sweep_min) ||
      outside(param.sweep_max)) {
    findings.add(fmt::format("the sweep of {} goes from {} to {}, which is no part of {}", what,
                             value_text(param.sweep_min), value_text(param.sweep_max), range()));
  }
}

}  // namespace

bool is_less(const rl_value& a, const rl_value& b) {
  return a.type == RL_REAL ? a.as.f < b.as.f : a.as.i < b.as.i;
}

std::string value_text(const rl_value& value) {
  return value.type == RL_REAL ? format_double(value.as.f) : fmt::format("{}", value.as.i);
}

std::string_view check_parameter(const rl_param* param, std::size_t number,
                                 const std::string& strategy, StrategyFindings& findings) {
  Findings& broken = findings.broken;
  const std::string place = fmt::format("parameter {} of {}", number, strategy);
  if (!broken.holds(param, kParamSizeMin, place)) return {};
  const std::string_view name = broken.name(param->name, "the name of " + place);
  const std::string named =
      name.empty() ? place : fmt::format("parameter {} ({}) of {}", number, name, strategy);
  broken.text(param->doc, "the doc of " + named, kPluginTextBytesMax);
  broken.text_or_empty(param->unit, "the unit of " + named, kNameBytesMax);
  if (param->type < RL_INT || param->type > RL_CHOICE) {
    findings.unserved.add(
        fmt::format("{} has the type {}, which is not known here", named, param->type));
    return name;
  }
  const std::size_t choices = param->type == RL_CHOICE ? check_choices(*param, named, broken) : 0;
  if (param->type != RL_CHOICE && param->choices != nullptr)
    broken.add(fmt::format("{} has choices though it is no RL_CHOICE", named));
  if (!check_types(*param, named, broken)) return name;
  if (param->type == RL_BOOL) check_whole_range(*param, 1, named, broken);
  if (choices > 0) check_whole_range(*param, static_cast<std::int64_t>(choices) - 1, named, broken);
  check_bounds(*param, named, broken);
  return name;
}

}  // namespace runledger
