#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <runledger/base/digest.hpp>
#include <runledger/base/result.hpp>
#include <runledger/ledger/ledger.hpp>
#include <runledger/schemas/event_generated.h>

namespace runledger::app {

inline constexpr std::size_t kRequestIdBytesMax = 255;

// 32 hex digits of chance: the request id of whoever gives none.
std::string new_request_id();
// The id of an event that accompanies the one with `request_id`: the same whenever it is asked for,
// so that repeating a request repeats no part of it.
std::string companion_request_id(std::string_view request_id, std::string_view part);
// Errors: invalid_input, too_large.
Status check_request_id(std::string_view request_id);

std::unique_ptr<schema::Digest> stored(const Digest& digest);
Digest digest_of(const schema::Digest& digest);
// Absent, or a digest that nobody set.
std::optional<Digest> digest_of(const schema::Digest* digest);

// An event with a zero stamp, ready to be appended. `payload` is a table of the union Payload.
template <class PayloadT>
ledger::PendingEvent make_event(std::string_view request_id, std::string_view actor,
                                PayloadT payload) {
  schema::EventT event;
  event.stamp = std::make_unique<schema::Stamp>();
  event.request_id = request_id;
  event.actor = std::make_unique<schema::ActorT>();
  event.actor->kind = schema::ActorKind::local;
  event.actor->name = actor;
  event.payload.Set(std::move(payload));
  flatbuffers::FlatBufferBuilder builder(4096);
  builder.Finish(schema::Event::Pack(builder, &event), schema::EventIdentifier());
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

// The event in stored bytes, which the reader has verified.
inline const schema::Event& event_in(const ledger::StoredEvent& stored) {
  return *schema::GetEvent(stored.bytes().data());
}

inline std::string text_or_empty(const flatbuffers::String* text) {
  return text != nullptr ? text->str() : std::string();
}

// The schema's name of a stored value, and its number when a newer version recorded it.
template <class Enumeration>
std::string name_or_number(const char* name, std::string_view what, Enumeration value) {
  if (*name != '\0') return name;
  return std::string(what) + "_" + std::to_string(static_cast<unsigned>(value));
}

}  // namespace runledger::app
