#include "plugin_run.hpp"

#include <iterator>
#include <sstream>
#include <stdexcept>

#include <runledger/base/text.hpp>
#include <runledger/base/time.hpp>
#include <runledger/host/check.hpp>
#include <runledger/host/plugin.hpp>

namespace runledger::test {
namespace {

rl_value value_of(const rl_param& param, const Parameters& parameters) {
  rl_value value = param.default_value;
  const auto named = parameters.find(param.name);
  if (named == parameters.end()) return value;
  if (param.type == RL_REAL) {
    value.as.f = named->second;
  } else {
    value.as.i = static_cast<std::int64_t>(named->second);
  }
  return value;
}

}  // namespace

Outcome run_plugin(const std::string& name, const Parameters& parameters, const PaddedBars& bars,
                   const Settings& settings, const std::function<void(RunInputs&)>& adjust) {
  const rl_strategy& strategy = installed_strategy(name);
  std::vector<rl_value> values;
  values.reserve(strategy.param_count);
  for (std::size_t i = 0; i < strategy.param_count; ++i)
    values.push_back(value_of(*strategy.params[i], parameters));
  if (const Status status = check_values(strategy, values); !status)
    throw std::invalid_argument(status.error().message);
  RunInputs inputs{.strategy = &strategy,
                   .values = values,
                   .bars = bars.columns(),
                   .interval = bars.interval(),
                   .settings = settings,
                   .progress = nullptr,
                   .publish = {}};
  if (adjust) adjust(inputs);
  return run_strategy(inputs);
}

const rl_strategy& installed_strategy(const std::string& name) {
  const LoadedPlugin loaded = load_plugin(std::string(PLUGIN_DIR) + "/" + name + ".so");
  if (loaded.plugin == nullptr) throw std::runtime_error(join(loaded.refusals, "; "));
  const rl_strategy* strategy = find_strategy(*loaded.plugin, name);
  if (strategy == nullptr) throw std::runtime_error("no strategy " + name);
  return *strategy;
}

std::vector<std::string> installed_strategies() {
  std::istringstream names(STRATEGIES);
  return {std::istream_iterator<std::string>(names), {}};
}

std::vector<int> directions_of(const RunResult& result) {
  std::vector<int> directions;
  double units = 0;
  std::size_t next = 0;
  for (std::size_t bar = 0; bar < result.equity.size(); ++bar) {
    for (; next < result.fills.size() && result.fills[next].bar == bar; ++next)
      units += result.fills[next].quantity;
    directions.push_back(units > 0 ? 1 : units < 0 ? -1 : 0);
  }
  return directions;
}

PaddedBars daily(const std::vector<Bar>& bars) {
  Bars columns;
  constexpr TimeNs kStart = 10'957 * kDayNs;  // 2000-01-01
  for (const Bar& bar : bars) {
    columns.label.push_back(kStart + static_cast<TimeNs>(columns.label.size()) * kDayNs);
    columns.open.push_back(bar.open);
    columns.high.push_back(bar.high);
    columns.low.push_back(bar.low);
    columns.close.push_back(bar.close);
    columns.volume.push_back(bar.volume);
  }
  return PaddedBars(columns);
}

}  // namespace runledger::test
