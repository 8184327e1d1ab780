#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <runledger/base/digest.hpp>
#include <runledger/base/types.hpp>
#include <runledger/schemas/event_generated.h>

namespace runledger::ledger {

// What the Merkle tree holds of an event: a short text made from it, never stored, so that an
// auditor can count runs without seeing them.
//
// Format: ledger/FORMAT.md, "Leaf".
struct Leaf {
  Seq seq;
  TimeNs recorded_at = 0;
  schema::Payload kind = schema::Payload::NONE;
  Digest event_hash;
  std::uint64_t size = 0;  // bytes of the event
};

// The name of an event's kind, e.g. `run.completed`; empty for a kind that this version does not
// know.
std::string_view kind_name(schema::Payload kind);

// Leaves name kinds up to this one. Later ones are a number there, whatever their names: so a
// program can compute the leaf of an event of a kind that it does not know.
inline constexpr auto kNamedKindMax = schema::Payload::HoldoutSealed;

// SHA-256 over a domain string and the stored bytes: what HEAD and leaves name an event by.
Digest event_hash(ByteView event);

std::string leaf_text(const Leaf& leaf);

// RFC 6962: SHA-256(0x00 || entry) and SHA-256(0x01 || left || right).
Digest leaf_hash(std::string_view entry);
Digest node_hash(const Digest& left, const Digest& right);

}  // namespace runledger::ledger
