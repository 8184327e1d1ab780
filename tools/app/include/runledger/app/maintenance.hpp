#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <runledger/app/context.hpp>
#include <runledger/ledger/doctor.hpp>
#include <runledger/ledger/ledger.hpp>

namespace runledger::app {

using ledger::Finding;
using ledger::HeadProposal;
using ledger::Reindexed;
using ledger::Verification;

// Makes the context's ledger. Errors: conflict (there is one, or something else), write_failed.
Status init(const Context& context, const std::string& origin);

// Checks the whole ledger in a child process, because damage can abort the checking code; then the
// answer is a finding too. `ok` is false when something is wrong: exit 3. Writes nothing.
Result<Verification> verify(const Context& context);

// Verifies, then rebuilds every projection. Errors: damaged, rolled_back, locked.
Result<Reindexed> reindex(const Context& context);

// One thing that doctor looked at.
struct DoctorFinding {
  enum class Level : std::uint8_t { fine = 1, warning = 2, broken = 3 };
  Level level = Level::fine;
  std::string what;                     // "worker", "plugins", "ledger", "disk space", "cache"
  std::string text;                     // one sentence; with the next step unless fine
  std::optional<ErrorCode> error = {};  // what kind of trouble the ledger is in
};
// Looks at everything a run needs: program, worker, plugins, cache, ledger, room on the disk. Never
// writes to the ledger.
std::vector<DoctorFinding> doctor(const Context& context);

// What HEAD would say if the database is believed as it is; read in a child process, nothing is
// changed. Errors: damaged (the log itself is broken: nothing can be proposed), locked.
Result<HeadProposal> propose_head(const Context& context);
// Replaces HEAD by a proposal that a person has confirmed (`doctor --repair-head`).
// Errors: conflict (the ledger has changed since), damaged, locked, write_failed.
Status repair_head(const Context& context, const HeadProposal& proposal);

// The child's side of all these: `main` calls it before anything else, with its own
// arguments. Runs the hidden task and returns the exit status, or nothing when the arguments ask
// for none.
std::optional<int> run_child_task(int argc, const char* const* argv);

}  // namespace runledger::app
