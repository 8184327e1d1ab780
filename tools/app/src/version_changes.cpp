#include "version_changes.hpp"

#include <runledger/base/bytes.hpp>

namespace runledger::app {
namespace {

bool same_bar(const Bars& a, std::size_t i, const Bars& b, std::size_t j) {
  for (const auto column : {&Bars::open, &Bars::high, &Bars::low, &Bars::close, &Bars::volume})
    if (canonical_bits((a.*column)[i]) != canonical_bits((b.*column)[j])) return false;
  return true;
}

}  // namespace

VersionChanges compare_versions(const Bars& before, const Bars& after) {
  VersionChanges changes;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < before.size()) {
    if (j == after.size() || before.label[i] < after.label[j]) {
      ++changes.removed;
      ++i;
    } else if (after.label[j] < before.label[i]) {
      ++changes.added;
      ++j;
    } else {
      if (!same_bar(before, i, after, j)) ++changes.changed;
      ++i;
      ++j;
    }
  }
  changes.added += after.size() - j;
  return changes;
}

}  // namespace runledger::app
