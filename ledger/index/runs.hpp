#pragma once

#include <string>
#include <vector>

#include <runledger/base/types.hpp>

#include "run_row.hpp"

namespace runledger::ledger {

// The keys of a run's entries in Family::index.
std::vector<std::string> entry_keys(const RunFacts& run);

// One entry in Family::retracted: a time during which the run was hidden. The key is that of the
// entry in Family::index and the retraction as be64; the value is the row and the restoration.
struct Hiding {
  Seq from;
  Seq until;  // kStillHidden: it is hidden now
  // Right after event `state`.
  [[nodiscard]] bool covers(Seq state) const { return from <= state && state < until; }
};
inline constexpr Seq kStillHidden{~std::uint64_t{0}};

std::string hiding_key(std::string entry_key, Seq from);
std::string encode_hiding(const std::string& row, Seq until);
// What follows the row in the value; nothing when it is malformed.
std::optional<Seq> decode_hiding_end(std::string_view rest);

}  // namespace runledger::ledger
