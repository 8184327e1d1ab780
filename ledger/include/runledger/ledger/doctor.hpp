#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <runledger/base/result.hpp>
#include <runledger/ledger/ledger.hpp>

namespace runledger::ledger {

// What can be seen of a ledger from outside, without opening its database.
struct Condition {
  std::uint32_t format = 0;
  std::optional<std::string> writer;  // who holds it for writing, e.g. "process 1234"
  LogHead head;                       // what HEAD says has been acknowledged
  std::uint64_t generation = 0;       // of HEAD: commit groups so far
  TimeNs recorded_at = 0;             // of the newest event
  std::uint64_t log_files = 0;        // write-ahead logs: replayed at every opening
  std::uint64_t log_bytes = 0;
  std::uint64_t table_files = 0;
  std::uint64_t table_bytes = 0;
  std::uint64_t free_bytes = 0;  // on the file system
};
// Errors: not_found, unsupported, damaged (FORMAT or HEAD), io.
Result<Condition> examine(const std::filesystem::path& ledger);

// What opening the database and comparing it with HEAD says, without the check of all events.
struct Opening {
  LogHead head;                    // of what is there
  std::vector<std::string> notes;  // sentences on what is unfinished or torn, and no damage
};
// Opens the database as a reader does, but completes and mends nothing: writes nothing.
// Errors: not_found, unsupported, damaged, rolled_back, locked, io.
Result<Opening> try_opening(const std::filesystem::path& ledger, const AppendOptions& options);

// What HEAD would say if the database is believed as it is.
struct HeadProposal {
  std::optional<LogHead> present;  // what HEAD says now, when it can be read
  LogHead proposed;
  std::uint64_t generation = 0;
  Seq newest;
  TimeNs recorded_at = 0;  // of the newest event
};
// Reads the whole log and proposes a HEAD for it. Changes nothing.
// Errors: damaged (the log does not fit together by itself: nothing can be proposed), locked, io.
Result<HeadProposal> propose_head(const std::filesystem::path& ledger,
                                  const AppendOptions& options);
// Replaces HEAD by a proposal that a person has confirmed: what was acknowledged and is not in the
// database is given up by it.
// Errors: conflict (the ledger has changed since), damaged, locked, write_failed.
Status repair_head(const std::filesystem::path& ledger, const HeadProposal& proposal,
                   const AppendOptions& options);

}  // namespace runledger::ledger
