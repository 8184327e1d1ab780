#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace runledger::worker {

// When a system call is refused.
enum class Refuse : std::uint8_t {
  always = 0,
  unless_thread = 1,  // clone: without CLONE_THREAD
  others = 2,         // when the first argument is not the worker's own process id
  limits = 3,         // prlimit64: unless it reads the worker's own, or the worker sets its memory
  writing_1 = 4,      // open: when the flags in argument 1 ask for more than reading
  writing_2 = 5,      // openat: in argument 2
};

struct RefusedCall {
  std::int32_t number;
  Refuse when;
  const char* name;
};

// The system calls that end a run: what would let a strategy start programs, reach other processes
// or the network, or change files. A table of calls that are refused and not one of those allowed,
// so that a plugin's libraries work as they do elsewhere.
std::span<const RefusedCall> refused_calls();

// What the strategy tried, to follow "it": `called execve (start a program), which ...`.
std::string refused_call_text(std::int32_t number);

}  // namespace runledger::worker
