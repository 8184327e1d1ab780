#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

namespace runledger {

// A 64-bit number of one kind. Kinds do not mix: a size is not a sequence number.
template <class Tag>
struct Number {
  std::uint64_t value = 0;
  constexpr Number() = default;
  constexpr explicit Number(std::uint64_t v) : value(v) {}
  constexpr auto operator<=>(const Number&) const = default;
};

// The position of an event in the log, from 0, without gaps. A run's id is its event's Seq.
using Seq = Number<struct SeqTag>;
// How many events the log holds: the Seq that the next event gets.
using LogSize = Number<struct LogSizeTag>;

constexpr LogSize size_after(Seq last) { return LogSize(last.value + 1); }

// Nanoseconds since 1970-01-01T00:00:00Z.
using TimeNs = std::int64_t;

}  // namespace runledger
