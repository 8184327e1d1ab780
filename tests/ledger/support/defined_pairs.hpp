#pragma once

#include <map>
#include <string>
#include <vector>

#include <runledger/ledger/ledger.hpp>
#include <runledger/ledger/view.hpp>

namespace runledger::ledger::test {

// The projections of a log as ledger/FORMAT.md defines them: for the whole log at once, and with
// nothing of what the ledger derives them with.
class DefinedPairs {
 public:
  using Pairs = std::map<std::string, std::string, std::less<>>;
  explicit DefinedPairs(const std::vector<StoredEvent>& log);
  [[nodiscard]] const Pairs& of(Family family) const;

 private:
  std::map<Family, Pairs> pairs_;
};

}  // namespace runledger::ledger::test
