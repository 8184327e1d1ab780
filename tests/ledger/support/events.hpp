#pragma once

#include <optional>
#include <string>
#include <vector>

#include <runledger/ledger/ledger.hpp>
#include <runledger/schemas/event_generated.h>

namespace runledger::ledger::test {

// Events as a caller of append() builds them: request id and payload given, stamp zero.

struct RunEvent {
  std::string request_id = "run";
  std::string actor = "ann@desk";
  bool failed = false;
  schema::RunClass run_class = schema::RunClass::single;
  std::string strategy = "sma_cross";
  std::vector<std::string> tickers{"AAPL"};
  std::string sweep = {};
  std::optional<std::uint64_t> parent = {};
  double pnl = 1234.5;
  std::uint32_t trades = 7;
  std::string note = {};
};
PendingEvent run_event(const RunEvent& run);

PendingEvent opened_event(const std::string& request_id = "open");
PendingEvent retracted_event(const std::string& request_id, std::uint64_t run);
PendingEvent restored_event(const std::string& request_id, std::uint64_t run);
PendingEvent annotated_event(const std::string& request_id, std::uint64_t run);
PendingEvent reproduced_event(const std::string& request_id,
                              const std::vector<std::uint64_t>& runs);
PendingEvent checked_event(const std::string& request_id, std::uint64_t run);
PendingEvent imported_event(const std::string& request_id, const std::string& ticker,
                            const std::string& interval, const Digest& dataset);
PendingEvent plugin_event(const std::string& request_id, const Digest& plugin);
PendingEvent engine_event(const std::string& request_id, const Digest& runtime);
// An event of a kind that this version has laid out but does not record.
PendingEvent attested_event(const std::string& request_id);

}  // namespace runledger::ledger::test
