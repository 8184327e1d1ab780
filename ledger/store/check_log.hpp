#pragma once

#include <functional>
#include <string>
#include <vector>

#include <runledger/ledger/ledger.hpp>
#include <runledger/ledger/view.hpp>

#include "head.hpp"

namespace runledger::ledger {

// What checks have found, as far as the first kFindingsMax.
class Findings {
 public:
  static constexpr std::size_t kFindingsMax = 1'000;
  void add(std::string where, std::string message, std::optional<Seq> first_seq = std::nullopt);
  // All of another check, so that none crowds out another.
  void add(Findings others);
  [[nodiscard]] bool empty() const { return found_.empty(); }
  std::vector<Finding> take() { return std::move(found_); }

 private:
  std::vector<Finding> found_;
};

// How many leaves the stored rows of the tree hold.
std::uint64_t count_leaves(const View& view);

// Reads the whole log: every event against its hash in the tree, the sequence, the times, every row
// of the tree, and what HEAD names, as far as the log reaches.
//
// Cost: by what is stored, whatever `size` claims. Where events are missing and the tree holds no
// leaves of them either, the tree ends, and later events are only checked by themselves.
struct LogCheck {
  LogSize size;
  std::optional<HeadRecord> head;
  std::function<void(const StoredEvent&)> on_event;  // each one that is as it was recorded
  ProgressFn progress;
};
// How many events were checked; what is wrong is a finding.
std::uint64_t check_log(const View& view, const LogCheck& check, Findings& findings);

}  // namespace runledger::ledger
