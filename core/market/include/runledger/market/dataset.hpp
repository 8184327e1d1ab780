#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <runledger/base/bytes.hpp>
#include <runledger/base/digest.hpp>
#include <runledger/base/result.hpp>
#include <runledger/market/bars.hpp>

namespace runledger {

// The canonical bytes of a dataset, which its name is the SHA-256 of, and the chunks they are
// stored in.
//
// Format: core/market/DATASET.md, version 1.

// One bar as stored: i64 label, f64 open, high, low, close, volume; little-endian.
inline constexpr std::size_t kRowBytes = 48;
// The labels that a stored dataset may have: the years 1678 to 2261, the range of the ns clock.
inline constexpr TimeNs kLabelMin = -9'214'560'000'000'000'000;  // 1678-01-01
inline constexpr TimeNs kLabelMax = 9'214'646'400'000'000'000;   // the instant after 2261-12-31
// Chunks are cut greedily to these sizes, largest first; what remains is one last, shorter chunk.
inline constexpr std::size_t kChunkBars[] = {65536, 4096, 256};

// A run of bars that is stored as one blob.
struct ChunkRange {
  std::size_t first = 0;
  std::size_t count = 0;
  bool operator==(const ChunkRange&) const = default;
};

// The name of the dataset: SHA-256 of all its canonical bytes.
Digest dataset_digest(const Bars& bars);

// How `bars` bars are cut. The cuts depend on the count alone, so a file that has grown shares
// every chunk up to where the cuts first differ: at most 15 chunks of 4,096, 15 of 256 and the rest
// are stored anew.
std::vector<ChunkRange> chunk_ranges(std::size_t bars);

// The rows of one chunk, without a header.
Bytes encode_rows(const Bars& bars, ChunkRange range);

// Appends the rows of one chunk.
//
// Errors: damaged = not whole rows, or rows that no import makes (a price that is not finite and
//         positive, high and low that do not enclose open and close, a negative or infinite volume,
//         labels that do not ascend or lie outside the years 1678 to 2261). `bars` is unchanged.
Status append_rows(ByteView rows, Bars& bars);

// Errors: damaged = the bars are not those that `expected` names.
Status check_digest(const Bars& bars, const Digest& expected);

// What stored rows say, chunk after chunk, without keeping them.
//
// Threads: one at a time.
class RowScan {
 public:
  // `bars` is the number that the header of the canonical bytes names.
  RowScan(const Interval& interval, std::uint64_t bars);

  // The rows of the next chunk. Errors: as append_rows(); then nothing else is to be asked.
  Status add(ByteView rows);

  [[nodiscard]] std::uint64_t bars() const { return bars_; }
  // Labels of the first and the last row so far.
  [[nodiscard]] std::optional<TimeNs> start() const { return start_; }
  [[nodiscard]] std::optional<TimeNs> end() const { return end_; }
  // The name of a dataset of these rows; after the last chunk, once.
  Digest finish() { return hasher_.finish(); }

 private:
  Sha256 hasher_;
  std::uint64_t bars_ = 0;
  std::optional<TimeNs> start_, end_;
};

}  // namespace runledger
