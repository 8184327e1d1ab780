#pragma once

#include <map>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include <runledger/ledger/ledger.hpp>

#include "events.hpp"

namespace runledger::ledger::test {

// What runs a ledger shows, by definition: every event is kept, every question looks at all of
// them.
class RunModel {
 public:
  void record(Seq seq, TimeNs time, const RunEvent& event);
  // False when the ledger must refuse.
  bool retract(Seq seq, Seq run);
  bool restore(Seq seq, Seq run);
  [[nodiscard]] bool is_run(Seq seq) const { return runs_.contains(seq.value); }

  [[nodiscard]] std::vector<RunRow> list(const RunFilter& filter) const;
  [[nodiscard]] std::optional<Seq> latest(const std::string& actor) const;

 private:
  struct Run {
    RunRow row;
    RunEvent event;
    std::vector<std::pair<Seq, bool>> changes;  // hidden from this event on, or shown
  };
  static bool hidden(const Run& run, std::optional<Seq> as_of);
  static bool matches(const Run& run, const RunFilter& filter);
  std::map<std::uint64_t, Run> runs_;
};

// Whether two lines say the same, bit for bit.
bool same_row(const RunRow& a, const RunRow& b);
bool same_rows(const std::vector<RunRow>& a, const std::vector<RunRow>& b);

}  // namespace runledger::ledger::test
