#pragma once

#include <cstdint>

#include <runledger/market/bars.hpp>

namespace runledger::app {

// How a version of a dataset differs from the one before, in bars.
struct VersionChanges {
  std::uint64_t added = 0;    // whose time the version before had no bar for
  std::uint64_t changed = 0;  // of the same time, with another price or volume
  std::uint64_t removed = 0;  // that the version before had
};
VersionChanges compare_versions(const Bars& before, const Bars& after);

}  // namespace runledger::app
