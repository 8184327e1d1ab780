#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <runledger/app/context.hpp>
#include <runledger/app/strategies.hpp>

#include "plugin_files.hpp"

namespace runledger::app {

// A plugin with what is in it.
struct DescribedPlugin {
  std::filesystem::path file;  // where it was found
  PluginFile content;
  schema::DescribeReplyT description;  // of its strategies those that can be used
  // Those that ask for more than this version has, if others can be used; with their refusals.
  std::vector<std::unique_ptr<schema::StrategyDescriptionT>> unserved;
  [[nodiscard]] bool usable() const { return description.refusals.empty(); }
};

// One strategy of one plugin.
struct ChosenStrategy {
  std::shared_ptr<const DescribedPlugin> plugin;
  const schema::StrategyDescriptionT* strategy = nullptr;  // in `plugin`
};

// A plugin that lies nowhere but in a ledger is called by its copy.
Result<DescribedPlugin> describe(const Context& context, PluginFile content, worker::Worker& worker,
                                 bool fresh);
Result<DescribedPlugin> describe_file(const Context& context, const std::filesystem::path& file,
                                      worker::Worker& worker, bool fresh);
// Every plugin in the folders of the context.
Result<std::vector<std::shared_ptr<const DescribedPlugin>>> describe_all(const Context& context,
                                                                         worker::Worker& worker);

// Whether a text after `-s` names a file: it has a slash or ends in `.so`; one of several
// strategies in it is `./my.so:name`, which split_file_and_name takes apart.
bool names_a_file(const std::string& strategy);
std::pair<std::string, std::string> split_file_and_name(const std::string& strategy);
// The strategy that `-s` means. Errors: those of show_strategy.
Result<ChosenStrategy> choose_strategy(const Context& context, const std::string& strategy,
                                       worker::Worker& worker);
// The strategy called `name` in one plugin; the only one when `name` is empty.
Result<ChosenStrategy> strategy_in(std::shared_ptr<const DescribedPlugin> plugin,
                                   const std::string& name);

StrategySummary summary_of(const DescribedPlugin& plugin,
                           const schema::StrategyDescriptionT& strategy);

}  // namespace runledger::app
