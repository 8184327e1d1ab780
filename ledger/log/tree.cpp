#include "tree.hpp"

#include <algorithm>
#include <bit>

#include <runledger/base/bytes.hpp>
#include <runledger/base/check.hpp>

#include "leaf.hpp"

namespace runledger::ledger {
namespace {

Digest digest_at(std::string_view hashes, std::uint64_t position) {
  Digest digest;
  std::ranges::copy(bytes_of(hashes.substr(position * kHashSize, kHashSize)), digest.bytes.begin());
  return digest;
}

// A stored tile, cut to its first `width` hashes.
Result<std::string> read_tile(const View& view, unsigned level, std::uint64_t index,
                              std::uint64_t width) {
  RL_TRY(auto row, view.get(Family::tiles, tile_key(level, index)));
  const std::uint64_t found = row ? row->size() / kHashSize : 0;
  if (found < width || found > kTileWidth || row->size() % kHashSize != 0)
    return fail(ErrorCode::damaged,
                "Tile " + std::to_string(index) + " of level " + std::to_string(level) +
                    " of the Merkle tree holds " + std::to_string(found) + " hashes where " +
                    std::to_string(width) + " were expected. Run `runledger verify`.");
  row->resize(width * kHashSize);
  return *std::move(row);
}

// The root over 2^k hashes.
Digest fold(std::vector<Digest> hashes) {
  while (hashes.size() > 1) {
    for (std::size_t i = 0; i < hashes.size() / 2; ++i)
      hashes[i] = node_hash(hashes[2 * i], hashes[2 * i + 1]);
    hashes.resize(hashes.size() / 2);
  }
  return hashes.front();
}

// The root over full subtrees of falling height, left to right.
Digest root_over(const std::vector<Digest>& edge) {
  if (edge.empty()) return empty_root();
  Digest root = edge.back();
  for (std::size_t i = edge.size() - 1; i-- > 0;) root = node_hash(edge[i], root);
  return root;
}

Result<std::vector<Digest>> read_edge(const View& view, LogSize size) {
  std::vector<Digest> edge;
  std::uint64_t covered = 0;
  for (unsigned height = 64; height-- > 0;) {
    const std::uint64_t leaves = std::uint64_t{1} << height;
    if ((size.value & leaves) == 0) continue;
    RL_TRY(const Digest node, tree_node(view, height, covered >> height));
    edge.push_back(node);
    covered += leaves;
  }
  return edge;
}

}  // namespace

std::string tile_key(unsigned level, std::uint64_t index) {
  std::string key(1, static_cast<char>(level));
  append_be64(key, index);
  return key;
}

Digest empty_root() { return sha256(std::string_view()); }

Result<Digest> tree_node(const View& view, unsigned height, std::uint64_t index) {
  const unsigned level = height / kTileHeight;
  const unsigned within = height % kTileHeight;
  const std::uint64_t first = index << within;
  const std::uint64_t offset = first % kTileWidth;
  const std::uint64_t count = std::uint64_t{1} << within;
  RL_TRY(const std::string tile, read_tile(view, level, first / kTileWidth, offset + count));
  std::vector<Digest> hashes(count);
  for (std::uint64_t i = 0; i < count; ++i) hashes[i] = digest_at(tile, offset + i);
  return fold(std::move(hashes));
}

Result<Digest> tree_root(const View& view, LogSize size) {
  RL_TRY(const auto edge, read_edge(view, size));
  return root_over(edge);
}

Result<Tree> Tree::load(const View& view, LogSize size) {
  Tree tree;
  tree.size_ = size;
  RL_TRY(tree.edge_, read_edge(view, size));
  for (std::uint64_t hashes = size.value; hashes > 0; hashes /= kTileWidth) {
    Tile tile{.index = hashes / kTileWidth, .hashes = {}};
    const std::uint64_t width = hashes % kTileWidth;
    const auto level = static_cast<unsigned>(tree.tiles_.size());
    if (width > 0) {
      RL_TRY(tile.hashes, read_tile(view, level, tile.index, width));
    }
    tree.tiles_.push_back(std::move(tile));
  }
  return tree;
}

Digest Tree::root() const { return root_over(edge_); }

void Tree::append(const Digest& leaf) {
  add_to_tile(0, leaf);
  Digest node = leaf;
  // A subtree is full when the bits below its height were all set.
  const int merges = std::countr_one(size_.value);
  for (int height = 1; height <= merges; ++height) {
    node = node_hash(edge_.back(), node);
    edge_.pop_back();
    if (height % static_cast<int>(kTileHeight) == 0)
      add_to_tile(static_cast<unsigned>(height) / kTileHeight, node);
  }
  edge_.push_back(node);
  ++size_.value;
}

void Tree::add_to_tile(unsigned level, const Digest& hash) {
  if (tiles_.size() == level) tiles_.emplace_back();
  RL_CHECK(level < tiles_.size());
  Tile& tile = tiles_[level];
  tile.hashes.append(text_of(hash.bytes));
  tile.changed = true;
  if (tile.hashes.size() < kTileWidth * kHashSize) return;
  full_.push_back({Family::tiles, tile_key(level, tile.index), std::move(tile.hashes)});
  tile = {.index = tile.index + 1, .hashes = {}};
}

Changes Tree::take_changes() {
  Changes changes = std::move(full_);
  full_.clear();
  for (unsigned level = 0; level < tiles_.size(); ++level) {
    Tile& tile = tiles_[level];
    if (tile.changed) changes.push_back({Family::tiles, tile_key(level, tile.index), tile.hashes});
    tile.changed = false;
  }
  return changes;
}

}  // namespace runledger::ledger
