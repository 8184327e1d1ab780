#include "protocol.hpp"

#include <runledger/base/check.hpp>

namespace runledger::ledger {
namespace {

constexpr std::string_view kHello = "runledger committer";
constexpr std::size_t kLengthSize = 4;

enum class ReplyKind : std::uint8_t { recorded = 0, error = 1, retry = 2 };

Bytes framed(const Bytes& body) {
  ByteWriter writer;
  writer.number(static_cast<std::uint32_t>(body.size())).raw(body);
  return writer.take();
}

std::optional<Recorded> read_recorded(ByteReader& reader) {
  Recorded recorded;
  recorded.already_recorded = reader.number<std::uint8_t>() != 0;
  const auto count = reader.number<std::uint32_t>();
  if (count > kAppendEventsMax) return std::nullopt;
  for (std::uint32_t i = 0; i < count; ++i)
    recorded.seqs.emplace_back(reader.number<std::uint64_t>());
  return recorded;
}

std::optional<Error> read_error(ByteReader& reader) {
  const auto code = reader.number<std::uint8_t>();
  if (code < static_cast<std::uint8_t>(ErrorCode::invalid_input) ||
      code > static_cast<std::uint8_t>(ErrorCode::internal))
    return std::nullopt;
  return Error{static_cast<ErrorCode>(code), std::string(reader.text())};
}

}  // namespace

Bytes encode_hello() {
  ByteWriter writer;
  writer.raw(kHello).number(kProtocolVersion);
  return framed(writer.take());
}

std::optional<std::uint8_t> decode_hello(ByteView body) {
  ByteReader reader(body);
  if (text_of(reader.raw(kHello.size())) != kHello) return std::nullopt;
  const auto version = reader.number<std::uint8_t>();
  if (!reader.ok()) return std::nullopt;
  return version;
}

Bytes encode_request(const Request& request) {
  ByteWriter writer;
  writer.number(static_cast<std::uint8_t>(request.kind));
  if (request.kind == RequestKind::append) {
    writer.number(static_cast<std::uint32_t>(request.events.size()));
    for (const PendingEvent& event : request.events) writer.text(text_of(event));
  }
  return framed(writer.take());
}

std::optional<Request> decode_request(ByteView body) {
  ByteReader reader(body);
  Request request;
  const auto kind = reader.number<std::uint8_t>();
  if (kind < static_cast<std::uint8_t>(RequestKind::append) ||
      kind > static_cast<std::uint8_t>(RequestKind::unpin))
    return std::nullopt;
  request.kind = static_cast<RequestKind>(kind);
  if (request.kind == RequestKind::append) {
    const auto count = reader.number<std::uint32_t>();
    if (count > kAppendEventsMax) return std::nullopt;
    for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
      const ByteView event = bytes_of(reader.text());
      request.events.emplace_back(event.begin(), event.end());
    }
  }
  if (!reader.ok() || !reader.rest().empty()) return std::nullopt;
  return request;
}

Bytes encode_reply(const Reply& reply) {
  ByteWriter writer;
  if (const auto* recorded = std::get_if<Recorded>(&reply)) {
    writer.number(static_cast<std::uint8_t>(ReplyKind::recorded));
    writer.number(static_cast<std::uint8_t>(recorded->already_recorded ? 1 : 0));
    writer.number(static_cast<std::uint32_t>(recorded->seqs.size()));
    for (const Seq seq : recorded->seqs) writer.number(seq.value);
  } else if (const auto* error = std::get_if<Error>(&reply)) {
    writer.number(static_cast<std::uint8_t>(ReplyKind::error));
    writer.number(static_cast<std::uint8_t>(error->code)).text(error->message);
  } else {
    writer.number(static_cast<std::uint8_t>(ReplyKind::retry));
  }
  return framed(writer.take());
}

std::optional<Reply> decode_reply(ByteView body) {
  ByteReader reader(body);
  std::optional<Reply> reply;
  switch (reader.number<std::uint8_t>()) {
    case static_cast<std::uint8_t>(ReplyKind::recorded):
      if (auto recorded = read_recorded(reader)) reply = std::move(*recorded);
      break;
    case static_cast<std::uint8_t>(ReplyKind::error):
      if (auto error = read_error(reader)) reply = std::move(*error);
      break;
    case static_cast<std::uint8_t>(ReplyKind::retry):
      reply = Retry{};
      break;
    default:
      break;
  }
  if (!reader.ok() || !reader.rest().empty()) return std::nullopt;
  return reply;
}

Result<std::optional<Bytes>> take_frame(Bytes& bytes) {
  ByteReader reader(bytes);
  const auto length = reader.number<std::uint32_t>();
  if (!reader.ok()) return std::nullopt;
  if (length > kFrameBytesMax)
    return fail(ErrorCode::too_large, "A message of " + std::to_string(length) +
                                          " bytes was announced; at most " +
                                          std::to_string(kFrameBytesMax) + " are allowed.");
  if (reader.rest().size() < length) return std::nullopt;
  const auto begin = bytes.begin() + kLengthSize;
  Bytes body(begin, begin + length);
  bytes.erase(bytes.begin(), begin + length);
  return body;
}

}  // namespace runledger::ledger
