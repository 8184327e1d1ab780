#pragma once

#include <cstdint>

namespace runledger::worker {

// Limits files, descriptors, core dumps and the stack of this process, and lets the system take it
// first when memory runs out. Returns what was obtained, in bits of `kConfined...`.
std::uint32_t confine_resources();

// From now on system calls of refused_calls() raise SIGSYS. For good, for all threads to come.
// Returns what was obtained; 0 where the kernel has no seccomp.
std::uint32_t confine_system_calls();

// Lets this process allocate `bytes` more than it has now; 0: as much as it likes. Returns the
// limit in bytes of address space, 0 for none (always so in a sanitizer build, whose shadow is
// larger).
std::uint64_t limit_memory(std::uint64_t bytes);

// The address space in use, in bytes.
std::uint64_t memory_in_use();

}  // namespace runledger::worker
