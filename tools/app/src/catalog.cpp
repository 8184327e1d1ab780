#include "catalog.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>

#include <fmt/format.h>

#include <runledger/base/text.hpp>

#include "parameters.hpp"

namespace runledger::app {
namespace {

namespace fs = std::filesystem;
using Plugins = std::vector<std::shared_ptr<const DescribedPlugin>>;

Error refused(const DescribedPlugin& plugin) {
  return {ErrorCode::invalid_input, fmt::format("{} cannot be used: {}", plugin.file.string(),
                                                join(plugin.description.refusals, "; "))};
}

// The same of one strategy in a plugin whose others can be used.
std::optional<Error> unserved(const DescribedPlugin& plugin, const std::string& name) {
  const auto found = std::ranges::find_if(
      plugin.unserved, [&](const auto& strategy) { return strategy->name == name; });
  if (found == plugin.unserved.end()) return std::nullopt;
  return Error{ErrorCode::invalid_input,
               fmt::format("the strategy {} of {} cannot be used: {}", name, plugin.file.string(),
                           join((*found)->refusals, "; "))};
}

// What is left in the description can be run.
void set_unserved_aside(DescribedPlugin& plugin) {
  auto& strategies = plugin.description.strategies;
  const auto first = std::ranges::stable_partition(strategies, [](const auto& strategy) {
                       return strategy->refusals.empty();
                     }).begin();
  std::move(first, strategies.end(), std::back_inserter(plugin.unserved));
  strategies.erase(first, strategies.end());
}

std::vector<ChosenStrategy> strategies_called(const Plugins& plugins, const std::string& name) {
  std::vector<ChosenStrategy> found;
  for (const auto& plugin : plugins) {
    if (!plugin->usable()) continue;
    for (const auto& strategy : plugin->description.strategies) {
      if (strategy->name != name) continue;
      const bool same_bytes = std::ranges::any_of(found, [&](const ChosenStrategy& other) {
        return other.plugin->content.digest == plugin->content.digest;
      });
      if (!same_bytes) found.push_back({plugin, strategy.get()});
    }
  }
  return found;
}

std::string conflict_text(const std::string& name, const std::vector<ChosenStrategy>& found) {
  std::vector<std::string> files;
  for (const ChosenStrategy& one : found) files.push_back(one.plugin->file.string());
  return fmt::format("the strategy {} is in several plugins: {}; remove one, or name the file",
                     name, join(files, " and "));
}

// Why no strategy has this name, with the nearest one and with what is broken beside it.
Error no_such_strategy(const Context& context, const Plugins& plugins, const std::string& name) {
  std::vector<std::string> names;
  std::vector<std::string> unusable;
  for (const auto& plugin : plugins) {
    if (!plugin->usable() && plugin->file.stem() == name) return refused(*plugin);
    if (auto error = unserved(*plugin, name)) return std::move(*error);
    if (!plugin->usable())
      unusable.push_back(
          fmt::format("{} ({})", plugin->file.string(), plugin->description.refusals.front()));
    for (const auto& strategy : plugin->description.strategies)
      if (plugin->usable()) names.push_back(strategy->name);
  }
  std::ranges::sort(names);
  std::string message = fmt::format("there is no strategy `{}`", name);
  if (const auto near = nearest(name, names)) {
    message += fmt::format("; did you mean `{}`?", *near);
  } else if (names.empty() && unusable.empty()) {
    const auto& folders = context.layout.plugin_folders;
    message += fmt::format("; no plugins were found in {}: add a folder with --plugins",
                           folders.empty() ? "the installation" : folders.front().string());
  } else if (!names.empty()) {
    message += fmt::format("; expected one of {}, or a file such as ./my.so", join(names, ", "));
  }
  if (!unusable.empty()) message += "; not usable: " + join(unusable, ", ");
  return {ErrorCode::not_found, std::move(message)};
}

}  // namespace

Result<DescribedPlugin> describe(const Context& context, PluginFile content, worker::Worker& worker,
                                 bool fresh) {
  DescribedPlugin plugin;
  plugin.file = content.copy;
  plugin.content = std::move(content);
  RL_TRY(plugin.description, describe_plugin(context, plugin.content, worker, fresh));
  set_unserved_aside(plugin);
  return plugin;
}

Result<DescribedPlugin> describe_file(const Context& context, const fs::path& file,
                                      worker::Worker& worker, bool fresh) {
  RL_TRY(PluginFile content, take_plugin(context, file));
  RL_TRY(DescribedPlugin plugin, describe(context, std::move(content), worker, fresh));
  plugin.file = file;
  return plugin;
}

Result<Plugins> describe_all(const Context& context, worker::Worker& worker) {
  RL_TRY(const std::vector<fs::path> files, plugin_files(context));
  Plugins plugins;
  for (const fs::path& file : files) {
    if (context.stop_wanted()) return fail(ErrorCode::interrupted, "interrupted");
    DescribedPlugin plugin;
    if (auto content = take_plugin(context, file)) {
      RL_TRY(plugin, describe(context, std::move(*content), worker, false));
    } else if (content.error().code == ErrorCode::write_failed) {
      return std::unexpected(std::move(content).error());
    } else {
      plugin.description.refusals.push_back(std::move(content).error().message);
    }
    plugin.file = file;
    plugins.push_back(std::make_shared<const DescribedPlugin>(std::move(plugin)));
  }
  return plugins;
}

// `./my.so:name` is one strategy of a file.
std::pair<std::string, std::string> split_file_and_name(const std::string& strategy) {
  constexpr std::string_view kMark = ".so:";
  const std::size_t at = strategy.rfind(kMark);
  if (at == std::string::npos) return {strategy, {}};
  return {strategy.substr(0, at + kMark.size() - 1), strategy.substr(at + kMark.size())};
}

bool names_a_file(const std::string& strategy) {
  const auto [file, name] = split_file_and_name(strategy);
  return file.find('/') != std::string::npos || file.ends_with(".so");
}

Result<ChosenStrategy> strategy_in(std::shared_ptr<const DescribedPlugin> plugin,
                                   const std::string& name) {
  if (!plugin->usable()) return std::unexpected(refused(*plugin));
  if (auto error = unserved(*plugin, name)) return std::unexpected(std::move(*error));
  // A later version serves what this one does not, and must choose the same.
  const bool alone = plugin->description.strategies.size() == 1 && plugin->unserved.empty();
  std::vector<std::string> names;
  for (const auto& strategy : plugin->description.strategies) {
    names.push_back(strategy->name);
    if ((name.empty() && alone) || strategy->name == name)
      return ChosenStrategy{plugin, strategy.get()};
  }
  for (const auto& strategy : plugin->unserved) names.push_back(strategy->name);
  const std::string file = plugin->file.string();
  if (name.empty())
    return fail(ErrorCode::invalid_input,
                fmt::format("{} holds {} strategies ({}); name one, as in {}:{}", file,
                            names.size(), join(names, ", "), file, names.front()));
  return fail(ErrorCode::not_found,
              fmt::format("{} holds no strategy `{}`; it has {}", file, name, join(names, ", ")));
}

Result<ChosenStrategy> choose_strategy(const Context& context, const std::string& strategy,
                                       worker::Worker& worker) {
  if (names_a_file(strategy)) {
    const auto [file, name] = split_file_and_name(strategy);
    RL_TRY(DescribedPlugin plugin, describe_file(context, file, worker, false));
    return strategy_in(std::make_shared<const DescribedPlugin>(std::move(plugin)), name);
  }
  RL_TRY(const Plugins plugins, describe_all(context, worker));
  const auto found = strategies_called(plugins, strategy);
  if (found.empty()) return std::unexpected(no_such_strategy(context, plugins, strategy));
  if (found.size() > 1) return fail(ErrorCode::conflict, conflict_text(strategy, found));
  return found.front();
}

StrategySummary summary_of(const DescribedPlugin& plugin,
                           const schema::StrategyDescriptionT& strategy) {
  const schema::DescribeReplyT& description = plugin.description;
  StrategySummary summary;
  summary.name = strategy.name;
  summary.title = strategy.title;
  summary.id = strategy.id;
  summary.version = strategy.version;
  summary.doc = strategy.doc;
  summary.sizes_orders = strategy.sizes_orders;
  for (const auto& info : strategy.parameters) summary.parameters.push_back(summary_of(*info));
  summary.file = plugin.file;
  summary.plugin = plugin.content.digest;
  summary.built_with = description.built_with;
  summary.commit = description.commit;
  summary.remote = description.remote;
  summary.flags = description.flags;
  summary.dirty = description.dirty;
  return summary;
}

Result<StrategyCatalog> list_strategies(const Context& context) {
  worker::Worker worker = make_worker(context);
  RL_TRY(const Plugins plugins, describe_all(context, worker));
  StrategyCatalog catalog;
  std::set<std::string> seen;
  for (const auto& plugin : plugins) {
    if (!plugin->usable()) {
      catalog.refused.push_back({plugin->file, {}, plugin->description.refusals});
      continue;
    }
    for (const auto& strategy : plugin->unserved)
      catalog.refused.push_back({plugin->file, strategy->name, strategy->refusals});
    for (const auto& strategy : plugin->description.strategies) {
      const auto same_name = strategies_called(plugins, strategy->name);
      const bool first_of_its_bytes = std::ranges::any_of(
          same_name, [&](const ChosenStrategy& one) { return one.plugin == plugin; });
      if (first_of_its_bytes) catalog.strategies.push_back(summary_of(*plugin, *strategy));
      if (same_name.size() > 1 && seen.insert(strategy->name).second)
        catalog.conflicts.push_back(conflict_text(strategy->name, same_name));
    }
  }
  std::ranges::stable_sort(catalog.strategies, {}, &StrategySummary::name);
  return catalog;
}

Result<StrategySummary> show_strategy(const Context& context, const std::string& strategy) {
  worker::Worker worker = make_worker(context);
  RL_TRY(const ChosenStrategy chosen, choose_strategy(context, strategy, worker));
  return summary_of(*chosen.plugin, *chosen.strategy);
}

}  // namespace runledger::app
