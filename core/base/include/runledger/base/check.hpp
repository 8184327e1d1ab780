#pragma once

namespace runledger::detail {
// Prints the broken invariant and aborts.
[[noreturn]] void check_failed(const char* expression, const char* file, int line);
}  // namespace runledger::detail

// An invariant of our own code, checked in every build. Never for input, files or plugins.
#define RL_CHECK(expression) \
  ((expression) ? (void)0 : ::runledger::detail::check_failed(#expression, __FILE__, __LINE__))
