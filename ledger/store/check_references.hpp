#pragma once

#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <runledger/base/digest.hpp>
#include <runledger/base/types.hpp>
#include <runledger/ledger/ledger.hpp>
#include <runledger/schemas/event_generated.h>

#include "check_log.hpp"

namespace runledger::ledger {

// What events say of one another: that whatever one names was recorded before it. An event names a
// run, a dataset (of a ticker and an interval), a plugin or a runtime; what it leaves out names
// nothing. An unknown dataset, plugin or runtime is told once, at the event that names it first.
//
// Cost: a byte an event, and every dataset, plugin and runtime once.
class ReferenceCheck {
 public:
  explicit ReferenceCheck(Findings& findings) : findings_(findings) {}

  // In the order of the log. Events that are passed over, or are of a kind of a newer version,
  // count as unreadable: nothing is said of what they may have recorded.
  void add(const StoredEvent& event);

 private:
  enum class Kind : std::uint8_t { unread, other, shown_run, hidden_run };
  using DatasetVersion = std::tuple<std::string, std::string, Digest>;  // ticker, interval

  void check_run(const schema::RunSpec& spec);
  void check_import(const schema::DatasetImported& imported);
  // Whether the run was recorded before, as far as can be known.
  bool check_target(std::string_view verb, std::uint64_t run);
  void check_visibility(std::uint64_t run, Kind before, Kind after);
  void check_digest(std::set<Digest>& known, const schema::Digest* named, std::string_view what);
  void register_digest(std::set<Digest>& known, const schema::Digest* named, std::string_view what);
  void report(const std::string& what);

  Findings& findings_;
  std::vector<Kind> kinds_;  // of the events so far
  bool unread_ = false;      // one of them could not be read
  // Recorded, or told to be unknown.
  std::set<DatasetVersion> datasets_;
  std::set<Digest> plugins_, runtimes_;
};

}  // namespace runledger::ledger
