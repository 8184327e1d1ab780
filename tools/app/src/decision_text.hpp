#pragma once

#include <string>

#include <runledger/worker/check.hpp>

namespace runledger::app {

// What was asked for on one bar, in words: `buy 10 units at market, cancel order 3`, `nothing`.
std::string decisions_text(const worker::BarDecisions& decisions);

}  // namespace runledger::app
