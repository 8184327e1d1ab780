#include "plugin_run.hpp"

#include <stdexcept>

#include <runledger/base/text.hpp>
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
  const LoadedPlugin loaded = load_plugin(std::string(PLUGIN_DIR) + "/" + name + ".so");
  if (loaded.plugin == nullptr) throw std::runtime_error(join(loaded.refusals, "; "));
  const rl_strategy* strategy = find_strategy(*loaded.plugin, name);
  if (strategy == nullptr) throw std::runtime_error("no strategy " + name);
  std::vector<rl_value> values;
  for (std::size_t i = 0; i < strategy->param_count; ++i)
    values.push_back(value_of(*strategy->params[i], parameters));
  if (const Status status = check_values(*strategy, values); !status)
    throw std::invalid_argument(status.error().message);
  RunInputs inputs{.strategy = strategy,
                   .values = values,
                   .bars = bars.columns(),
                   .interval = bars.interval(),
                   .settings = settings,
                   .progress = nullptr,
                   .publish = {}};
  if (adjust) adjust(inputs);
  return run_strategy(inputs);
}

}  // namespace runledger::test
