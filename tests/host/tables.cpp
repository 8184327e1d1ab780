#include "tables.hpp"

namespace runledger::test {
namespace {

void* create(const rl_host* /*host*/, const rl_value* /*values*/) { return nullptr; }
void destroy(void* /*self*/) {}
rl_status on_bar(void* /*self*/, const rl_step* /*step*/) { return RL_OK; }

rl_param param(const char* name, std::uint32_t type) {
  rl_param made{};
  made.struct_size = sizeof made;
  made.type = type;
  made.name = name;
  made.doc = "What it is.";
  made.unit = "";
  return made;
}

rl_strategy strategy_called(const char* name, const char* id) {
  rl_strategy made{};
  made.struct_size = sizeof made;
  made.name = name;
  made.title = "A title";
  made.id = id;
  made.version = "1.2.3";
  made.doc = "What it does.";
  made.series_min = made.series_max = 1;
  made.create = &create;
  made.destroy = &destroy;
  made.on_bar = &on_bar;
  return made;
}

void set_range(rl_param& param, rl_value default_value, rl_value min, rl_value max, rl_value step) {
  param.default_value = default_value;
  param.min = param.sweep_min = min;
  param.max = param.sweep_max = max;
  param.sweep_step = step;
}

}  // namespace

rl_value whole(std::int64_t value, std::uint32_t type) {
  rl_value made{};
  made.type = type;
  made.as.i = value;
  return made;
}

rl_value real(double value) {
  rl_value made{};
  made.type = RL_REAL;
  made.as.f = value;
  return made;
}

Tables::Tables()
    : length(param("length", RL_INT)),
      factor(param("factor", RL_REAL)),
      verbose(param("verbose", RL_BOOL)),
      side(param("side", RL_CHOICE)),
      params{&length, &factor, &verbose, &side},
      strategy(strategy_called("good", "com.example.good")),
      second(strategy_called("second", "com.example.second")),
      strategies{&strategy},
      source{.struct_size = sizeof(rl_source), .dirty = 0, .commit = "", .remote = "", .flags = ""},
      plugin{.struct_size = sizeof(rl_plugin),
             .abi_minor = RL_ABI_MINOR,
             .needs_minor = 0,
             .strategy_count = 0,
             .built_with = "a compiler",
             .strategies = nullptr,
             .source = &source} {
  set_range(length, whole(10), whole(1), whole(100), whole(1));
  set_range(factor, real(2), real(0.5), real(8), real(0.5));
  set_range(verbose, whole(0, RL_BOOL), whole(0, RL_BOOL), whole(1, RL_BOOL), whole(0, RL_BOOL));
  set_range(side, whole(2, RL_CHOICE), whole(0, RL_CHOICE), whole(2, RL_CHOICE),
            whole(0, RL_CHOICE));
  side.choices = sides.data();
}

const rl_plugin* Tables::get() {
  strategy.params = params.data();
  strategy.param_count = static_cast<std::uint32_t>(params.size());
  plugin.strategies = strategies.data();
  plugin.strategy_count = static_cast<std::uint32_t>(strategies.size());
  return &plugin;
}

}  // namespace runledger::test
