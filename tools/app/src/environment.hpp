#pragma once

#include <string>

#include <runledger/schemas/event_generated.h>

namespace runledger::app {

// The machine that runs execute on, as events record it. `compiler` is the engine's.
schema::EnvironmentT this_environment(const std::string& compiler);

}  // namespace runledger::app
