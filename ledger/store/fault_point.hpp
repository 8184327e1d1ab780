#pragma once

#include <string_view>

namespace runledger::ledger {

// A place where tests/fault kills the process. Compiled into its programs only.
#ifdef RUNLEDGER_FAULT_POINTS
void fault_point(std::string_view name);
#else
inline void fault_point(std::string_view /*name*/) {}
#endif

}  // namespace runledger::ledger
