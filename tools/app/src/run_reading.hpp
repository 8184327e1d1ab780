#pragma once

#include <string>
#include <vector>

#include <runledger/app/runs.hpp>
#include <runledger/ledger/ledger.hpp>
#include <runledger/schemas/event_generated.h>

namespace runledger::app {

// The event of one run, completed or failed.
struct RunRecord {
  ledger::StoredEvent event;
  [[nodiscard]] const schema::RunCompleted* completed() const;
  [[nodiscard]] const schema::RunFailed* failed() const;
  [[nodiscard]] const schema::RunSpec& spec() const;
};

// Errors: not_found (beyond the log, or an event that is no run: says what it is), damaged.
Result<RunRecord> read_record(const ledger::Reader& reader, Seq id);

Result<Seq> resolve_run(const Context& context, const ledger::Reader& reader,
                        const std::string& text, RunUse use);

// What a replay changed.
std::vector<OverrideDetail> overrides_of(const schema::RunSpec& spec);

FailureDetail failure_of(const schema::RunFailed& run);

// What an event is: `registered plugin sma_cross.so (sha256 12ab34cd56ef)`.
std::string event_text(const ledger::StoredEvent& event);

}  // namespace runledger::app
