#include "held_plugin.hpp"

#include <memory>
#include <utility>

#include <fmt/format.h>
#include <gnu/libc-version.h>

#include <runledger/engine/run.hpp>

#include "channel.hpp"
#include "loaded_files.hpp"
#include "parameters.hpp"

namespace runledger::worker {
namespace {

std::unique_ptr<schema::ParameterInfoT> describe_parameter(const rl_param& param) {
  auto info = std::make_unique<schema::ParameterInfoT>();
  const auto value = [](const rl_value& declared) {
    return std::make_unique<schema::ParameterValue>(stored_value(declared));
  };
  info->name = param.name;
  info->doc = param.doc;
  info->unit = param.unit;
  info->default_value = value(param.default_value);
  info->min = value(param.min);
  info->max = value(param.max);
  info->sweep_min = value(param.sweep_min);
  info->sweep_max = value(param.sweep_max);
  info->sweep_step = value(param.sweep_step);
  if (param.type == RL_CHOICE) {
    for (const char* const* label = param.choices; *label != nullptr; ++label) {
      info->choices.emplace_back(*label);
    }
  }
  return info;
}

std::unique_ptr<schema::StrategyDescriptionT> describe_strategy(const rl_strategy& strategy,
                                                                std::vector<std::string> refusals) {
  auto description = std::make_unique<schema::StrategyDescriptionT>();
  description->name = strategy.name;
  description->title = strategy.title;
  description->id = strategy.id;
  description->version = strategy.version;
  description->doc = strategy.doc;
  description->refusals = std::move(refusals);
  if (!description->refusals.empty()) return description;
  for (std::uint32_t i = 0; i < strategy.param_count; ++i) {
    description->parameters.push_back(describe_parameter(*strategy.params[i]));
  }
  description->series_min = strategy.series_min;
  description->series_max = strategy.series_max;
  description->sizes_orders = (strategy.flags & RL_SIZES_ORDERS) != 0;
  return description;
}

}  // namespace

const LoadedPlugin* HeldPlugin::load(const std::string& path) {
  if (!plugin_) {
    path_ = path;
    status_.progress.call = static_cast<std::uint32_t>(PluginCall::load);
    plugin_ = load_plugin(path);
    status_.progress.call = static_cast<std::uint32_t>(PluginCall::none);
  }
  return path == path_ ? &*plugin_ : nullptr;
}

schema::DescribeReplyT describe_plugin(const LoadedPlugin& loaded, const std::string& path) {
  schema::DescribeReplyT reply;
  reply.refusals = loaded.refusals;
  reply.loaded = loaded_files(path);
  reply.engine = build_id();
  reply.compiler = "GCC " __VERSION__;
  reply.libc = fmt::format("glibc {}", ::gnu_get_libc_version());
  reply.serves = kServedVersion;
  if (loaded.plugin == nullptr || !loaded.refusals.empty()) return reply;
  const rl_plugin& plugin = *loaded.plugin;
  reply.abi_minor = plugin.abi_minor;
  reply.needs_minor = plugin.needs_minor;
  reply.built_with = plugin.built_with;
  if (const rl_source* source = plugin.source; source != nullptr) {
    reply.commit = source->commit;
    reply.dirty = source->dirty != 0;
    reply.remote = source->remote;
    reply.flags = source->flags;
  }
  for (std::uint32_t i = 0; i < plugin.strategy_count; ++i) {
    const rl_strategy& strategy = *plugin.strategies[i];
    reply.strategies.push_back(describe_strategy(strategy, loaded.reasons_against(strategy.name)));
  }
  return reply;
}

}  // namespace runledger::worker
