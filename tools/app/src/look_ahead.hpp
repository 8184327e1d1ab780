#pragma once

#include <runledger/app/runs.hpp>
#include <runledger/market/bars.hpp>
#include <runledger/schemas/event_generated.h>
#include <runledger/worker/check.hpp>

#include "event_building.hpp"

namespace runledger::app {

// What a check of a run over `bars` found, as it is stored, but for the run and what it ran with.
schema::CheckRecordedT told_check(const worker::CheckReport& report, const BarColumns& bars);

// What is stored, for people and scripts.
LookAheadDetail look_ahead_detail(const schema::CheckRecordedT& check);

}  // namespace runledger::app
