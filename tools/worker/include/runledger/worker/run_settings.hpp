#pragma once

#include <cstdint>

#include <runledger/engine/settings.hpp>
#include <runledger/schemas/run_generated.h>

namespace runledger::worker {

// The two forms of a run's settings: what is stored and sent, and what the engine takes. Absent
// numbers mean what run.fbs says.
schema::RunSettingsT stored_settings(const Settings& settings);
Settings engine_settings(const schema::RunSettings& settings);
Settings engine_settings(const schema::RunSettingsT& settings);
// The version of requests (DescribeReply.serves) from which on a worker heeds all of `settings`.
std::uint16_t serves_needed(const schema::RunSettingsT& settings);

}  // namespace runledger::worker
