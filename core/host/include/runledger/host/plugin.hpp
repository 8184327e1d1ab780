#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <runledger/strategy_abi.h>

namespace runledger {

// A strategy library in this process. Loaded for good: a library is never unloaded, not even a
// refused one. Only worker processes load plugins.
struct LoadedPlugin {
  const rl_plugin* plugin = nullptr;  // null when it is refused
  std::vector<std::string> refusals;  // every reason why it cannot be used; empty: it can
};

// Loads `path` (absolute) and checks it against the contract, gathering all that is wrong. The
// tables of a plugin that is not refused can be read as the contract says.
LoadedPlugin load_plugin(const std::filesystem::path& path);

// The strategy called `name`, or null.
const rl_strategy* find_strategy(const rl_plugin& plugin, std::string_view name);

}  // namespace runledger
