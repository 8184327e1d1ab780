#include <algorithm>

#include <fmt/format.h>

#include <runledger/app/strategies.hpp>
#include <runledger/app/strategy_project.hpp>

namespace runledger::app {
namespace {

// The project is good for `-s FILE` all the same, so this is no error.
void warn_of_taken_name(const Context& context, const std::string& name) {
  const auto catalog = list_strategies(context);
  if (!catalog) return;
  const auto found = std::ranges::find(catalog->strategies, name, &StrategySummary::name);
  if (found == catalog->strategies.end()) return;
  context.notice(
      fmt::format("{} is also the strategy in {}, which `-s {}` means; give this one another name "
                  "in RL_PLUGIN, "
                  "or name its file",
                  name, found->file.string(), name));
}

}  // namespace

Result<std::vector<std::filesystem::path>> new_strategy(const Context& context,
                                                        const std::string& name,
                                                        const std::filesystem::path& directory) {
  RL_TRY(auto files, write_strategy_project(context.layout.share / "template", directory, name));
  warn_of_taken_name(context, name);
  return files;
}

}  // namespace runledger::app
