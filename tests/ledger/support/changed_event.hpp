#pragma once

#include <memory>

#include <runledger/base/check.hpp>

#include "event.hpp"
#include "events.hpp"

namespace runledger::ledger::test {

// The event with its payload, of this kind, changed.
template <class PayloadT, class Change>
PendingEvent with(const PendingEvent& event, const Change& change) {
  schema::EventT content;
  event_in(event).UnPackTo(&content);
  change(*static_cast<PayloadT*>(content.payload.value));
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(schema::Event::Pack(builder, &content), schema::EventIdentifier());
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

inline std::unique_ptr<schema::Digest> stored(const Digest& digest) {
  return std::make_unique<schema::Digest>(
      flatbuffers::span<const std::uint8_t, 32>(digest.bytes.data(), digest.bytes.size()));
}

// The event as one of another kind, also of one that the schema does not have.
inline PendingEvent of_kind(std::uint8_t kind, PendingEvent event) {
  auto* table = flatbuffers::GetMutableRoot<flatbuffers::Table>(event.data());
  RL_CHECK(table->SetField<std::uint8_t>(schema::Event::VT_PAYLOAD_TYPE, kind, 0));
  return event;
}

}  // namespace runledger::ledger::test
