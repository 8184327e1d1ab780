#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <runledger/host/check.hpp>
#include <runledger/strategy_abi.h>

namespace runledger {

// A strategy library in this process. Loaded for good: a library is never unloaded, not even a
// refused one. Only worker processes load plugins.
struct LoadedPlugin {
  const rl_plugin* plugin = nullptr;  // null when it is refused
  std::vector<std::string> refusals;  // every reason why it cannot be used; empty: it can
  // Strategies of a plugin that can be used which cannot themselves.
  std::vector<UnservedStrategy> unserved;

  // Why the strategy called `name` cannot be used; empty: nothing speaks against it.
  [[nodiscard]] std::vector<std::string> reasons_against(std::string_view name) const;
};

// Loads `path` (absolute) and checks it against the contract, gathering all that is wrong. The
// tables of a plugin that is not refused can be read as the contract says, of an unserved strategy
// only the texts.
LoadedPlugin load_plugin(const std::filesystem::path& path);

// The strategy called `name`, also an unserved one, or null.
const rl_strategy* find_strategy(const rl_plugin& plugin, std::string_view name);

}  // namespace runledger
