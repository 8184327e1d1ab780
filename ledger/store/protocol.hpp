#pragma once

#include <optional>

#include <runledger/base/bytes.hpp>
#include <runledger/base/result.hpp>
#include <runledger/base/types.hpp>
#include <runledger/ledger/ledger.hpp>

#include "commit_service.hpp"

namespace runledger::ledger {

// What processes say to the committer over its socket: ledger/FORMAT.md, "Locks and socket".
// A frame is a little-endian u32 length and that many bytes.

inline constexpr std::uint8_t kProtocolVersion = 1;
// One append: what a frame may carry, and what the committer accepts.
inline constexpr std::size_t kAppendBytesMax = 8u << 20;
inline constexpr std::size_t kAppendEventsMax = 10'000;
inline constexpr std::size_t kFrameBytesMax = kAppendBytesMax + (64u << 10);

enum class RequestKind : std::uint8_t {
  append = 1,  // record these events
  pin = 2,     // keep the database's files while I open it
  unpin = 3,   // I have opened it: was the pin held all the time?
};

struct Request {
  RequestKind kind = RequestKind::append;
  std::vector<PendingEvent> events;
};
using Reply = Outcome;

// Frames, ready to be sent.
Bytes encode_hello();
Bytes encode_request(const Request& request);
Bytes encode_reply(const Reply& reply);

// What a frame carries (without the length); nothing when it is malformed.
std::optional<std::uint8_t> decode_hello(ByteView body);
std::optional<Request> decode_request(ByteView body);
std::optional<Reply> decode_reply(ByteView body);

// Takes the first whole frame off `bytes`. Nothing when more bytes are needed; an error when the
// announced length is above the limit.
Result<std::optional<Bytes>> take_frame(Bytes& bytes);

}  // namespace runledger::ledger
