#pragma once

#include <string>

#include <runledger/app/backtest.hpp>
#include <runledger/ledger/ledger.hpp>

#include "run_plan.hpp"

namespace runledger::app {

// Executes a plan and appends what came out, with the plugin and the runtime when the ledger does
// not know them yet, as one group. Their blobs are durable before it.
Result<RunReceipt> execute_and_record(const Context& context, const ledger::Reader& reader,
                                      worker::Worker& worker, RunPlan plan,
                                      const std::string& request_id);

}  // namespace runledger::app
