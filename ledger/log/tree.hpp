#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <runledger/base/digest.hpp>
#include <runledger/base/result.hpp>
#include <runledger/base/types.hpp>
#include <runledger/ledger/view.hpp>

namespace runledger::ledger {

// A tile holds up to 256 hashes of one level of the Merkle tree: level 0 the leaf hashes, level L
// the roots of full tiles of level L - 1 (C2SP tlog-tiles).
inline constexpr unsigned kTileHeight = 8;
inline constexpr std::uint64_t kTileWidth = 1u << kTileHeight;
inline constexpr std::size_t kHashSize = 32;

// The key of a tile in Family::tiles: its level as a byte, its index as be64. The value is its
// hashes, one after the other; a partial tile is a prefix of what it becomes.
std::string tile_key(unsigned level, std::uint64_t index);

// The root of the empty tree: SHA-256 of nothing.
Digest empty_root();

// The hash over leaves [index << height, (index + 1) << height), computed from stored tiles.
// Errors: damaged = a tile is missing or too short; io.
Result<Digest> tree_node(const View& view, unsigned height, std::uint64_t index);

// The root over the first `size` leaves, computed from stored tiles that hold at least as many.
Result<Digest> tree_root(const View& view, LogSize size);

// The Merkle tree of the log (RFC 6962), growing at its right edge, which it keeps in memory.
//
// Threads: one at a time.
// Format:  ledger/FORMAT.md, "Tree and tiles".
class Tree {
 public:
  Tree() = default;
  // Reads the right edge of the tree over the first `size` leaves.
  static Result<Tree> load(const View& view, LogSize size);

  [[nodiscard]] LogSize size() const { return size_; }
  [[nodiscard]] Digest root() const;
  void append(const Digest& leaf);

  // The tile rows that append() has changed since load() or the last call.
  Changes take_changes();

 private:
  // The tile of a level that is being filled; `index` counts the full ones before it.
  struct Tile {
    std::uint64_t index = 0;
    std::string hashes;
    bool changed = false;
  };
  void add_to_tile(unsigned level, const Digest& hash);

  LogSize size_;
  // Roots of the full subtrees that make up the tree, left to right: one for each bit of size_.
  std::vector<Digest> edge_;
  std::vector<Tile> tiles_;  // by level
  Changes full_;             // rows of tiles that were filled
};

}  // namespace runledger::ledger
