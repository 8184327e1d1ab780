#pragma once

#include <cstdint>

namespace runledger::worker {

// Messages between a client and its keeper, one a packet: tools/worker/PROTOCOL.md, "The keeper".
enum class ControlKind : std::uint32_t {
  start = 1,    // client: start a worker; two descriptors come along, its channel and its status
  kill = 2,     // client: end the worker
  started = 3,  // keeper: value is its process id; its process descriptor comes along
  ended = 4,    // keeper: value is its wait status, extra how many processes it had left behind
  failed = 5,   // keeper: it could not be started; value is errno
};

struct ControlMessage {
  ControlKind kind;
  std::uint32_t flags;  // start: kStartConfined
  std::int64_t value;
  std::int64_t extra;
};
static_assert(sizeof(ControlMessage) == 24);

inline constexpr std::uint32_t kStartConfined = 1;

}  // namespace runledger::worker
