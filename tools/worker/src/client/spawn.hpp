#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <sys/types.h>

#include <runledger/base/fd.hpp>
#include <runledger/base/result.hpp>

namespace runledger::worker {

// A descriptor of ours and the number that the new program has it under.
struct PassedFd {
  int ours;
  int theirs;
};

enum class Ground : std::uint8_t {
  background = 1,  // its own session, a cleaned environment, no inherited signals
  foreground = 2,  // as a child of a shell: our session, terminal and environment
};

// Starts `arguments[0]` (a path, not looked up) with only the descriptors named; 0 to 2 are
// /dev/null unless named (background) or ours (foreground). By posix_spawn, which is safe and fast
// in a process with a database and threads. Errors: not_found, io.
Result<pid_t> spawn(const std::vector<std::string>& arguments, std::span<const PassedFd> fds,
                    Ground ground);

// Waits until the child has ended, at most `milliseconds` (-1: as long as it takes). Its wait
// status, or nothing when it has not ended by then.
std::optional<int> wait_for(pid_t child, int milliseconds);

// The same descriptor above those that spawn hands out.
Fd move_up(Fd fd);

}  // namespace runledger::worker
