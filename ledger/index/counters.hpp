#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <runledger/base/result.hpp>
#include <runledger/base/types.hpp>
#include <runledger/ledger/view.hpp>

namespace runledger::ledger {

// The log is cut into blocks of this many sequence numbers, whatever the commit groups.
inline constexpr std::uint64_t kBlockEvents = 4096;
constexpr std::uint64_t block_of(Seq seq) { return seq.value / kBlockEvents; }

// Rows of Family::counters. All keys begin with a scope (keys.hpp). Format: ledger/FORMAT.md,
// "Counters".
struct RunCounts {
  std::uint64_t total = 0;   // runs ever recorded
  std::uint64_t hidden = 0;  // of those, retracted now
};

// The counts of a scope now.
std::string now_key(std::string_view scope);
// One row for each block in which a run of the scope was recorded, newest first: `total` runs up to
// the end of the block, `hidden` of the block's own.
std::string block_key(std::string_view scope, std::uint64_t block);
// One row for each event that hid or showed a run of the scope, newest first: `hidden` of all
// after it.
std::string change_key(std::string_view scope, Seq change);

std::string encode_counts(RunCounts counts);
std::optional<RunCounts> decode_counts(std::string_view value);

// The counts in a row; zeros when there is none. Errors: damaged, io.
Result<RunCounts> read_counts(const View& view, std::string_view key);
// The error for a row that cannot be read.
Error damaged_row(Family family);

}  // namespace runledger::ledger
