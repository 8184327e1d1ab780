#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <runledger/base/result.hpp>

namespace runledger::ledger {

// The column families of the database. Names and numbers are stored: ledger/FORMAT.md.
enum class Family : std::uint8_t {
  meta = 0,       // RocksDB's `default`: size, generation, last time
  events = 1,     // be64(seq) -> event bytes: the log itself
  tiles = 2,      // level, be64(index) -> hashes of the Merkle tree
  index = 3,      // covering entries of shown runs
  retracted = 4,  // the same entries of hidden runs
  counters = 5,   // counts by class, ticker and strategy
  lookup = 6,     // request ids, datasets, plugins, runtimes, lineage, visibility changes
  kept = 7,       // signed checkpoints: not a projection
};
inline constexpr std::size_t kFamilyCount = 8;

// One pair to be written; no value erases.
struct Change {
  Family family;
  std::string key;
  std::optional<std::string> value;
};
using Changes = std::vector<Change>;

// A range scan in key order. Views into the current pair are valid until next().
class Scan {
 public:
  virtual ~Scan() = default;
  [[nodiscard]] virtual bool valid() const = 0;
  [[nodiscard]] virtual std::string_view key() const = 0;
  [[nodiscard]] virtual std::string_view value() const = 0;
  virtual void next() = 0;
  // After valid() turned false: whether the end was reached or reading failed.
  [[nodiscard]] virtual Status status() const = 0;
};

// Sorted pairs in families, as of one moment: what projections and queries read.
class View {
 public:
  virtual ~View() = default;
  [[nodiscard]] virtual Result<std::optional<std::string>> get(Family family,
                                                               std::string_view key) const = 0;
  // Pairs with from <= key < to, ascending.
  [[nodiscard]] virtual std::unique_ptr<Scan> scan(Family family, std::string_view from,
                                                   std::string_view to) const = 0;
};

}  // namespace runledger::ledger
