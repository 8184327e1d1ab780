#pragma once

#include <cstdint>

#include "support.hpp"

namespace runledger::test {

// The rules of the Bollinger strategy, written straight from their definition: every average is
// summed anew. What the engine is compared with must not lean on the code that it runs.
Script bollinger_rules(std::size_t period, double devfactor);

}  // namespace runledger::test
