#pragma once

#include <string>

#include <runledger/base/result.hpp>

namespace runledger::app {

// Whether the program that a debugger's command (`gdb --args`) begins with can be started, so that
// a slip of the fingers does not become a failed run. A command that only a shell can take apart
// passes. Errors: invalid_input.
Status check_debugger(const std::string& command);

}  // namespace runledger::app
