#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include <runledger/base/bytes.hpp>
#include <runledger/base/fd.hpp>
#include <runledger/schemas/worker_generated.h>

namespace runledger::worker {

// How messages and descriptors travel over the sockets between client, keeper and worker:
// tools/worker/PROTOCOL.md, "Frames".
inline constexpr std::uint32_t kFrameMagic = 0x31574c52;  // RLW1
// Of the requests: grows when a field is added to one.
inline constexpr std::uint16_t kServedVersion = 2;
inline constexpr std::size_t kRequestBytesMax = 1u << 20;
inline constexpr std::size_t kReplyBytesMax = 1u << 30;
inline constexpr std::size_t kResultBytesMax = 1u << 29;  // the canonical result in a reply
inline constexpr std::size_t kFdsMax = 2;

// What stands before a message.
struct FrameHeader {
  std::uint32_t magic = kFrameMagic;
  std::uint32_t size = 0;
};
static_assert(sizeof(FrameHeader) == 8);

// Sends bytes, and descriptors along with the first of them. False, with errno, when the other side
// is gone. Waits until all is sent.
bool send_all(int socket, ByteView bytes, std::span<const int> fds = {});

struct Received {
  std::size_t size = 0;  // 0: the other side has closed
  std::array<Fd, kFdsMax> fds;
};
// Receives at most `into.size()` bytes; descriptors are close-on-exec. Nothing, with errno, when
// that failed (EAGAIN: nothing has come).
std::optional<Received> receive_some(int socket, std::span<std::uint8_t> into);

inline constexpr char kRequestIdentifier[] = "RLWQ";
inline constexpr char kReplyIdentifier[] = "RLWR";

// The message in `bytes`, or null when it is not well formed.
const schema::WorkerRequest* verified_request(ByteView bytes);
const schema::WorkerReply* verified_reply(ByteView bytes);

}  // namespace runledger::worker
