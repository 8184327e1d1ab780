#pragma once

#include <functional>

#include <runledger/base/check.hpp>
#include <runledger/ledger/ledger.hpp>
#include <runledger/schemas/event_generated.h>

namespace runledger::ledger::test {

// The event with a part of its payload changed, which is of type PayloadT.
template <class PayloadT>
PendingEvent changed(const PendingEvent& event, const std::function<void(PayloadT&)>& change) {
  schema::EventT content;
  schema::GetEvent(event.data())->UnPackTo(&content);
  change(*static_cast<PayloadT*>(content.payload.value));
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(schema::Event::Pack(builder, &content), schema::EventIdentifier());
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

// The event as one of another kind, also of one that the schema does not have.
inline PendingEvent of_kind(std::uint8_t kind, PendingEvent event) {
  auto* table = flatbuffers::GetMutableRoot<flatbuffers::Table>(event.data());
  RL_CHECK(table->SetField<std::uint8_t>(schema::Event::VT_PAYLOAD_TYPE, kind, 0));
  return event;
}

}  // namespace runledger::ledger::test
