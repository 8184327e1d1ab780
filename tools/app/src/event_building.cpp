#include "event_building.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <runledger/base/text.hpp>

namespace runledger::app {

std::string new_request_id() {
  std::array<std::uint8_t, 16> chance{};
  fill_random(chance);
  return to_hex(chance);
}

std::string companion_request_id(std::string_view request_id, std::string_view part) {
  return Sha256()
      .update("runledger/request-part/v1\n")
      .update(part)
      .update("\n")
      .update(request_id)
      .finish()
      .hex();
}

Status check_request_id(std::string_view request_id) {
  if (request_id.size() > kRequestIdBytesMax)
    return fail(ErrorCode::too_large,
                fmt::format("the request id has {} bytes; at most {} are kept", request_id.size(),
                            kRequestIdBytesMax));
  if (request_id.empty() || !is_printable_utf8(request_id))
    return fail(ErrorCode::invalid_input,
                "the request id is empty or not printable; expected 1 to 255 bytes of text");
  return {};
}

std::unique_ptr<schema::Digest> stored(const Digest& digest) {
  return std::make_unique<schema::Digest>(
      flatbuffers::span<const std::uint8_t, 32>(digest.bytes.data(), digest.bytes.size()));
}

Digest digest_of(const schema::Digest& digest) {
  Digest value;
  std::copy_n(digest.bytes()->data(), value.bytes.size(), value.bytes.begin());
  return value;
}

std::optional<Digest> digest_of(const schema::Digest* digest) {
  if (digest == nullptr) return std::nullopt;
  return digest_of(*digest);
}

}  // namespace runledger::app
