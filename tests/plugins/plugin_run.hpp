#pragma once

#include <functional>
#include <map>
#include <string>

#include <runledger/engine/padded_bars.hpp>
#include <runledger/engine/run.hpp>

#include "support.hpp"

namespace runledger::test {

// A number, for a choice its index.
using Parameters = std::map<std::string, double>;

// Loads an installed plugin of one strategy and runs it; parameters that are not named have their
// defaults.
Outcome run_plugin(const std::string& name, const Parameters& parameters, const PaddedBars& bars,
                   const Settings& settings = {},
                   const std::function<void(RunInputs&)>& adjust = {});

}  // namespace runledger::test
