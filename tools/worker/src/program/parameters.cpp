#include "parameters.hpp"

#include <utility>

#include <fmt/format.h>

#include <runledger/host/check.hpp>

namespace runledger::worker {
std::expected<std::vector<rl_value>, std::string> bind_parameters(const rl_strategy& strategy,
                                                                  const SentParameters* sent) {
  const std::size_t count = sent == nullptr ? 0 : sent->size();
  if (count != strategy.param_count) {
    return std::unexpected(fmt::format("{} parameters were given, {} declares {}", count,
                                       strategy.name, strategy.param_count));
  }
  std::vector<rl_value> values;
  values.reserve(count);
  for (std::uint32_t i = 0; i < strategy.param_count; ++i) {
    const rl_param& declared = *strategy.params[i];
    const schema::Parameter& given = *sent->Get(i);
    if (given.name()->string_view() != declared.name) {
      return std::unexpected(fmt::format("parameter {} is {}, where {} declares {}", i,
                                         given.name()->string_view(), strategy.name,
                                         declared.name));
    }
    rl_value value{};
    value.type = static_cast<std::uint32_t>(given.value()->type());
    if (value.type != declared.type) {
      return std::unexpected(
          fmt::format("parameter {} is not of its declared type", declared.name));
    }
    if (value.type == RL_REAL) {
      value.as.f = given.value()->f();
    } else {
      value.as.i = given.value()->i();
    }
    values.push_back(value);
  }
  if (auto status = check_values(strategy, values); !status) {
    return std::unexpected(std::move(status).error().message);
  }
  return values;
}

schema::ParameterValue stored_value(const rl_value& value) {
  const auto type = static_cast<schema::ParameterType>(value.type);
  return value.type == RL_REAL ? schema::ParameterValue(0, value.as.f, type)
                               : schema::ParameterValue(value.as.i, 0, type);
}

}  // namespace runledger::worker
