#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <runledger/engine/run.hpp>

namespace runledger::worker {

// What a worker leaves in memory that it shares with its client, so that it can be read when the
// worker is gone: tools/worker/PROTOCOL.md, "The status". Growing at the end is the only change.
//
// The client trusts nothing in here: a plugin can write to it.
inline constexpr std::uint32_t kStatusMagic = 0x53574c52;  // RLWS
inline constexpr std::uint32_t kStatusVersion = 1;
inline constexpr std::size_t kFramesMax = 64;
inline constexpr std::size_t kStatusTextMax = 1024;
inline constexpr std::size_t kStatusNameMax = 128;
inline constexpr std::size_t kMapsBytesMax = 60u << 10;

enum class EndKind : std::uint32_t {
  none = 0,
  signal = 1,     // a signal that ends the worker
  exit = 2,       // somebody called exit
  terminate = 3,  // std::terminate; a signal record follows it
  asked = 4,      // the client asked where it is
  channel = 5,    // the worker could not use its own descriptors any more
};

// How the worker is confined: bits of WorkerStatus::confinement.
inline constexpr std::uint32_t kConfinedSystemCalls = 1u << 0;  // seccomp
inline constexpr std::uint32_t kConfinedMemory = 1u << 1;       // RLIMIT_AS
inline constexpr std::uint32_t kConfinedFiles = 1u
                                                << 2;  // RLIMIT_FSIZE, RLIMIT_NOFILE, RLIMIT_CORE
inline constexpr std::uint32_t kConfinedChildren = 1u << 3;  // leftovers are swept

// Where a worker was when it ended, or when it was asked.
struct EndRecord {
  std::uint32_t kind;  // EndKind
  std::int32_t signal;
  std::int32_t code;         // si_code
  std::int32_t system_call;  // that was refused; signal SIGSYS only
  std::uint64_t address;     // that was touched
  std::uint64_t stack_pointer;
  std::uint64_t memory_bytes, memory_limit;
  std::int32_t exit_status;
  std::uint32_t frame_count;
  std::array<std::uint64_t, kFramesMax> frames;  // program counters, innermost first
  std::array<char, kStatusTextMax> text;         // of an exception that nobody caught
  std::uint32_t exception_out_of_memory;         // it was std::bad_alloc
  std::uint32_t maps_size;
  std::array<char, kMapsBytesMax> maps;  // /proc/self/maps, to find the frames in
};

struct WorkerStatus {
  std::uint32_t magic;
  std::uint32_t version;
  Progress progress;
  std::uint32_t confinement;
  volatile std::uint32_t asked_count;  // how often `end` says where it was when the client asked
  // Of the reply that was sent last, written before it: a reply counts only with both.
  std::uint64_t sealed_nonce;
  std::array<std::uint8_t, 32> sealed_digest;  // SHA-256 of the reply's bytes
  std::array<char, kStatusNameMax> strategy;   // title of the one that runs
  EndRecord end;
};

static_assert(sizeof(Progress) == 16);
static_assert(offsetof(WorkerStatus, progress) == 8);
static_assert(offsetof(WorkerStatus, confinement) == 24);
static_assert(offsetof(WorkerStatus, sealed_nonce) == 32);
static_assert(offsetof(WorkerStatus, sealed_digest) == 40);
static_assert(offsetof(WorkerStatus, strategy) == 72);
static_assert(offsetof(WorkerStatus, end) == 200);
static_assert(sizeof(EndRecord) == 56 + 8 * kFramesMax + kStatusTextMax + 8 + kMapsBytesMax);

inline constexpr std::size_t kStatusBytes = 64u << 10;
static_assert(sizeof(WorkerStatus) <= kStatusBytes);

}  // namespace runledger::worker
