#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <runledger/base/types.hpp>

namespace runledger::ledger {

// The one row of Family::meta: what a commit group left behind, written in the same batch.
//
// Format: ledger/FORMAT.md, "State".
struct LogState {
  std::uint64_t generation = 0;   // the one that HEAD is about to get
  LogSize size;                   // events in the log
  TimeNs recorded_at = 0;         // of the newest
  std::uint32_t projections = 0;  // kProjectionVersion of the program that made the projections
  bool operator==(const LogState&) const = default;
};

inline constexpr std::string_view kStateKey = "state";
std::string encode_state(const LogState& state);
// Nothing when the bytes are not a state of a version that we know.
std::optional<LogState> decode_state(std::string_view bytes);

}  // namespace runledger::ledger
