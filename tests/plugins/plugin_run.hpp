#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include <runledger/bar.hpp>
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

// The tables of the one strategy of an installed plugin, by its name.
const rl_strategy& installed_strategy(const std::string& name);

// The names of all installed strategies.
std::vector<std::string> installed_strategies();

// The position's direction after each bar's open: 1, 0 or -1.
std::vector<int> directions_of(const RunResult& result);

// Daily bars from 2000-01-01 on.
PaddedBars daily(const std::vector<Bar>& bars);

}  // namespace runledger::test
