#pragma once

#include <cstdint>

#include <runledger/market/bars.hpp>

namespace runledger::app {

// How a version of a dataset differs from the one before.
struct VersionChanges {
  std::uint64_t added = 0;    // bars behind the end of the version before
  std::uint64_t changed = 0;  // bars up to that end that differ, are gone, or are new
};
VersionChanges compare_versions(const Bars& before, const Bars& after);

}  // namespace runledger::app
