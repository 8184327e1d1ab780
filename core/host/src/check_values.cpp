#include <cmath>

#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/host/check.hpp>

#include "check_parameter.hpp"

namespace runledger {
namespace {

Status check_value(const rl_param& param, const rl_value& value, const char* strategy) {
  const auto refuse = [&](const std::string& why) {
    return fail(ErrorCode::invalid_input,
                fmt::format("parameter {} of {} {}", param.name, strategy, why));
  };
  if (value.type != param.type || value.reserved != 0) {
    return refuse(
        fmt::format("was given a value of type {}, and is of type {}", value.type, param.type));
  }
  if (value.type == RL_REAL && !std::isfinite(value.as.f)) {
    return refuse(fmt::format("is {}, which is not a finite number", format_double(value.as.f)));
  }
  if (is_less(value, param.min) || is_less(param.max, value)) {
    return refuse(fmt::format("is {}, outside {}..{}", value_text(value), value_text(param.min),
                              value_text(param.max)));
  }
  return {};
}

}  // namespace

Status check_values(const rl_strategy& strategy, std::span<const rl_value> values) {
  if (values.size() != strategy.param_count) {
    return fail(ErrorCode::invalid_input,
                fmt::format("{} has {} parameters and was given {} values", strategy.name,
                            strategy.param_count, values.size()));
  }
  for (std::size_t i = 0; i < values.size(); ++i)
    RL_TRY_VOID(check_value(*strategy.params[i], values[i], strategy.name));
  return {};
}

}  // namespace runledger
