#pragma once

#include <cstdint>

#include "hand_run.hpp"

namespace runledger::metrics_test {

// A run made of chance: 0 to 120 bars of some length, prices and equity that walk or stand still,
// trades one after the other, fills anywhere. Its parts need not fit each other, since no figure
// relies on it. One in a few has equity that is not positive somewhere.
HandRun random_run(std::uint64_t seed);

}  // namespace runledger::metrics_test
