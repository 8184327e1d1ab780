#pragma once

#include <optional>
#include <string>

#include <runledger/app/backtest.hpp>
#include <runledger/base/result.hpp>
#include <runledger/ledger/ledger.hpp>

#include "run_plan.hpp"
#include "run_reading.hpp"

namespace runledger::app {

// The run that a request with this id recorded, if there was one; none for an empty id.
// Errors: conflict (the id recorded an event that is no run).
Result<std::optional<RunRecord>> earlier_run(const ledger::Reader& reader,
                                             const std::string& request_id);

// The receipt of an earlier run for a request with the same id, which is now `plan`. What time has
// changed (the newest data, an installed plugin) does not make it another request.
// Errors: conflict (it asks for something else, which the sentence names).
Result<RunReceipt> receipt_of_earlier(const Context& context, const RunRecord& earlier,
                                      const RunPlan& plan);

// The same when the request cannot be planned any more, for `why`: its plugin or its data may be
// gone. Compared is what needs no plan; `parent` is the run to replay.
// Errors: conflict (another parent, strategy or ticker), interrupted.
Result<RunReceipt> receipt_without_plan(const Context& context, const RunRecord& earlier,
                                        const RunOptions& options, std::optional<Seq> parent,
                                        const Error& why);

}  // namespace runledger::app
