#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include <runledger/base/bytes.hpp>
#include <runledger/base/digest.hpp>
#include <runledger/base/result.hpp>
#include <runledger/base/types.hpp>
#include <runledger/ledger/ledger.hpp>
#include <runledger/ledger/view.hpp>
#include <runledger/schemas/event_generated.h>

namespace runledger::ledger {

inline constexpr std::size_t kEventBytesMax = 1u << 20;
inline constexpr std::size_t kNonceSize = 16;
inline constexpr std::size_t kRequestIdBytesMax = 255;
// Texts that become parts of keys: tickers, intervals, strategies, sweeps, actors' names.
inline constexpr std::size_t kIndexedTextBytesMax = 255;
// Of FlatBuffers: how deep tables may nest, and how many one event may hold.
inline constexpr std::uint32_t kEventDepthMax = 32;
inline constexpr std::uint32_t kEventTablesMax = 20'000;

// Whether these bytes may be recorded: well-formed, a stamp of zeros, a printable request id, all
// that an event of its kind carries (check_content()), nothing above the limits. Errors:
// invalid_input, too_large, unsupported.
Status check_pending(const PendingEvent& event);

struct EventStamp {
  Seq seq;
  TimeNs recorded_at = 0;
  std::array<std::uint8_t, kNonceSize> nonce{};  // random: the event's hash tells nothing about it
};
// Writes the stamp into an event that check_pending() accepted.
void stamp_event(std::span<std::uint8_t> event, const EventStamp& stamp);

// The event in 16-byte aligned bytes that check_pending() or open_event() accepted.
inline const schema::Event& event_in(ByteView bytes) { return *schema::GetEvent(bytes.data()); }

// What the run that the event records was made from; null when it records no run.
const schema::RunSpec* run_spec(const schema::Event& event);

// Checks the structure of stored bytes and that they are event `seq`, of whatever kind: one that
// this version does not know can be hashed and proved all the same. Error: damaged.
Result<StoredEvent> open_event(ByteView bytes, Seq seq);

// Kinds after this one are recorded by newer versions; this one knows at most their names.
inline constexpr auto kNewestKind = schema::Payload::CheckRecorded;
// Whether this version knows all that there is to derive from a stored event. Error: unsupported.
Status check_derivable(const schema::Event& event);

// The key of an event in Family::events.
std::string event_key(Seq seq);
// Event `seq`, its structure checked; not compared with the tree. Errors: not_found, damaged, io,
// unsupported = check_derivable().
Result<StoredEvent> load_event(const View& view, Seq seq);
// The same, and it is the event that the tree's leaf names, and says nothing that this version
// cannot tell: what everything shown to people goes through. Unsupported is only what is not
// damaged.
Result<StoredEvent> read_event(const View& view, Seq seq);

// The hash of an event and its hash as a leaf of the tree.
struct EventHashes {
  Digest event;
  Digest leaf;
};
EventHashes hash_event(ByteView bytes);

}  // namespace runledger::ledger
