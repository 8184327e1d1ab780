#pragma once

#include <cstdint>
#include <functional>
#include <variant>
#include <vector>

#include <runledger/base/result.hpp>
#include <runledger/ledger/ledger.hpp>

namespace runledger::ledger {

// "Ask again": the committer is closing and has done nothing.
struct Retry {};
// What came of a request: recorded (no seqs for a pin), refused or unknown, or Retry.
using Outcome = std::variant<Recorded, Error, Retry>;
inline Outcome outcome_of(Result<Recorded> result) {
  if (result) return *std::move(result);
  return std::move(result).error();
}

// Files of the database that are held against deletion; which opening of the database they belong
// to.
struct Pin {
  std::uint64_t opening = 0;
};

// What a committer does for others, whatever carries their requests to it: the seam between
// committing and its transports.
//
// Threads: any. `done` is called exactly once, on any thread, maybe before the call returns.
class CommitService {
 public:
  virtual ~CommitService() = default;
  // Records the events, all or none.
  virtual void append(std::vector<PendingEvent> events, std::function<void(Outcome)> done) = 0;
  // Keeps every file of the database until unpin.
  virtual void pin(std::function<void(Result<Pin>)> done) = 0;
  // Error: io = the pin did not hold all the time; what was opened under it must not be trusted.
  virtual void unpin(Pin pin, std::function<void(Status)> done) = 0;
};

}  // namespace runledger::ledger
