#pragma once

#include <algorithm>
#include <string>

#include "event.hpp"
#include "events.hpp"

namespace runledger::test {

// The event that a request id stands for: driver and oracle make the same bytes from it. Sizes are
// 0.4 to 60 KB, most of them small.
inline ledger::PendingEvent event_for(const std::string& request_id) {
  const Digest dice = sha256(request_id);
  std::size_t note = 100 + 8u * dice.bytes[0];
  if (dice.bytes[1] < 8) note = 230u * dice.bytes[2];
  ledger::test::RunEvent run;
  run.request_id = request_id;
  run.tickers = {"T" + std::to_string(dice.bytes[3] % 5)};
  run.strategy = "S" + std::to_string(dice.bytes[4] % 3);
  run.note = std::string(note, 'n');
  return ledger::test::run_event(run);
}

// Whether a stored event is, but for its stamp, the one that its request id stands for.
inline bool is_event_for(const ledger::StoredEvent& stored, const std::string& request_id) {
  ledger::PendingEvent expected = event_for(request_id);
  const auto& stamp = *ledger::event_in(stored.bytes()).stamp();
  ledger::EventStamp copied{
      .seq = Seq(stamp.seq()), .recorded_at = stamp.recorded_at(), .nonce = {}};
  for (std::uint16_t i = 0; i < copied.nonce.size(); ++i) copied.nonce[i] = stamp.nonce()->Get(i);
  ledger::stamp_event(expected, copied);
  return std::ranges::equal(expected, stored.bytes());
}

}  // namespace runledger::test
