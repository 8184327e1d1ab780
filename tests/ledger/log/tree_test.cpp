#include "tree.hpp"

#include <span>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <runledger/base/bytes.hpp>

#include "leaf.hpp"
#include "memory_view.hpp"

namespace runledger::ledger {
namespace {

using test::MemoryView;

// RFC 6962, section 2.1, word for word.
Digest naive_root(std::span<const Digest> leaves) {
  if (leaves.empty()) return sha256(std::string_view());
  if (leaves.size() == 1) return leaves.front();
  std::size_t split = 1;
  while (split * 2 < leaves.size()) split *= 2;
  return node_hash(naive_root(leaves.first(split)), naive_root(leaves.subspan(split)));
}

std::vector<Digest> numbered_leaves(std::uint64_t count) {
  std::vector<Digest> leaves;
  for (std::uint64_t i = 0; i < count; ++i)
    leaves.push_back(leaf_hash("leaf " + std::to_string(i)));
  return leaves;
}

std::vector<Digest> reference_leaves() {
  const auto hex = [](std::string_view digits) {
    std::string bytes;
    for (std::size_t i = 0; i < digits.size(); i += 2)
      bytes.push_back(static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16)));
    return leaf_hash(bytes);
  };
  return {hex(""),
          hex("00"),
          hex("10"),
          hex("2021"),
          hex("3031"),
          hex("40414243"),
          hex("5051525354555657"),
          hex("606162636465666768696a6b6c6d6e6f")};
}

struct Grown {
  MemoryView view;
  Tree tree;
  void append(std::span<const Digest> leaves) {
    for (const Digest& leaf : leaves) tree.append(leaf);
    view.apply(tree.take_changes());
  }
};

std::string node(const MemoryView& view, unsigned height, std::uint64_t index) {
  const auto digest = tree_node(view, height, index);
  return digest ? digest->hex() : digest.error().message;
}

TEST(Tree, HasTheRootsOfTheReferenceLeaves) {
  const std::vector<std::string> roots{
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  const auto leaves = reference_leaves();
  Grown grown;
  EXPECT_EQ(grown.tree.root().hex(), roots[0]);
  for (std::size_t size = 1; size <= leaves.size(); ++size) {
    grown.append(std::span(leaves).subspan(size - 1, 1));
    EXPECT_EQ(grown.tree.root().hex(), roots[size]);
    for (std::size_t before = 0; before <= size; ++before)
      EXPECT_EQ(tree_root(grown.view, LogSize(before))->hex(), roots[before]);
  }
}

TEST(Tree, HasTheLeavesAndNodesOfTheReference) {
  Grown grown;
  grown.append(reference_leaves());
  const std::vector<std::string> leaves{
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
      "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
      "4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658",
      "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
      "46f6ffadd3d06a09ff3c5860d2755c8b9819db7df44251788c7d8e3180de8eb1"};
  for (std::size_t i = 0; i < leaves.size(); ++i) EXPECT_EQ(node(grown.view, 0, i), leaves[i]);
  EXPECT_EQ(node(grown.view, 1, 0),
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
  EXPECT_EQ(node(grown.view, 1, 1),
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e");
  EXPECT_EQ(node(grown.view, 1, 2),
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a");
  EXPECT_EQ(node(grown.view, 1, 3),
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0");
  EXPECT_EQ(node(grown.view, 2, 0),
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
  EXPECT_EQ(node(grown.view, 2, 1),
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");
}

struct MultiTile {
  std::uint64_t size;
  const char* root;
};
constexpr MultiTile kMultiTile[] = {
    {255, "d71592a219d4067663eede247f9b54c3f9e0290682d55de09b495b07f1de41c9"},
    {256, "cf5effdb11d0927a2edf53b0e73c7837f659414e00537da5d90eb5c4c49ff274"},
    {257, "855b936aa00cb98b5114484249ad39d78a6be93623e26c01e8e487dc02184a5a"},
    {65536, "e100ba54d69a91012fc13b7890feac78d6996a097268b6f735d17311c7402a60"},
    {65537, "689b22742cab2adeb36ba622ff2736336464858f5de4a2c02f33bf163e7dca5f"},
    {70000, "da0532ff7b2ee56f4067110fc964e9f27b5959f9527bfff3fa501aa7584deaf3"},
};

// One tree of 70,000 leaves, grown in the steps of the vectors.
class LargeTree : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    grown_ = new Grown;
    const auto leaves = numbered_leaves(70000);
    std::uint64_t done = 0;
    for (const MultiTile& step : kMultiTile) {
      grown_->append(std::span(leaves).subspan(done, step.size - done));
      done = step.size;
      roots_.push_back(grown_->tree.root().hex());
    }
  }
  static void TearDownTestSuite() {
    delete grown_;
    grown_ = nullptr;
  }
  static std::size_t width(unsigned level, std::uint64_t index) {
    const auto row = grown_->view.get(Family::tiles, tile_key(level, index));
    return row->has_value() ? (*row)->size() / kHashSize : 0;
  }
  static inline Grown* grown_ = nullptr;
  static inline std::vector<std::string> roots_;
};

TEST_F(LargeTree, HasTheRootsOfTheReference) {
  for (std::size_t i = 0; i < std::size(kMultiTile); ++i) {
    EXPECT_EQ(roots_[i], kMultiTile[i].root) << kMultiTile[i].size;
    EXPECT_EQ(tree_root(grown_->view, LogSize(kMultiTile[i].size))->hex(), kMultiTile[i].root);
  }
}

TEST_F(LargeTree, HasTheTilesOfTheSpecification) {
  for (std::uint64_t i = 0; i < 273; ++i) EXPECT_EQ(width(0, i), 256U);
  EXPECT_EQ(width(0, 273), 112U);
  EXPECT_EQ(width(1, 0), 256U);
  EXPECT_EQ(width(1, 1), 17U);
  EXPECT_EQ(width(2, 0), 1U);
  EXPECT_EQ(grown_->view.pairs_of(Family::tiles).size(), 277U);
}

TEST_F(LargeTree, IsLoadedAtAnySizeThatItHad) {
  const auto more = numbered_leaves(600);
  for (const std::uint64_t size : {1ULL, 255ULL, 256ULL, 300ULL, 65535ULL, 65536ULL, 69999ULL}) {
    auto loaded = Tree::load(grown_->view, LogSize(size));
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_EQ(loaded->size(), LogSize(size));
    EXPECT_EQ(loaded->root(), *tree_root(grown_->view, LogSize(size)));
    MemoryView elsewhere = grown_->view;
    for (const Digest& leaf : more) loaded->append(leaf);
    elsewhere.apply(loaded->take_changes());
    EXPECT_EQ(loaded->root(), *tree_root(elsewhere, loaded->size()));
  }
}

TEST(Tree, WritesATileOfEachLevelOnlyWhenItHoldsSomething) {
  Grown grown;
  grown.append(numbered_leaves(256));
  EXPECT_EQ(grown.view.pairs_of(Family::tiles).size(), 2U);
  EXPECT_EQ((*grown.view.get(Family::tiles, tile_key(0, 0)))->size(), 256 * kHashSize);
  EXPECT_EQ((*grown.view.get(Family::tiles, tile_key(1, 0)))->size(), kHashSize);
  EXPECT_TRUE(grown.tree.take_changes().empty());
}

TEST(Tree, APartialTileIsAPrefixOfWhatItBecomes) {
  Grown grown;
  const auto leaves = numbered_leaves(40);
  std::string before;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    grown.append(std::span(leaves).subspan(i, 1));
    const std::string now = **grown.view.get(Family::tiles, tile_key(0, 0));
    EXPECT_TRUE(now.starts_with(before));
    before = now;
  }
}

TEST(Tree, SaysWhichTileIsMissingOrTooShort) {
  Grown grown;
  grown.append(numbered_leaves(300));
  auto& tiles = grown.view.pairs_of(Family::tiles);
  tiles[tile_key(0, 1)].resize(43 * kHashSize);
  const auto shorter = tree_root(grown.view, LogSize(300));
  ASSERT_FALSE(shorter);
  EXPECT_EQ(shorter.error().code, ErrorCode::damaged);
  EXPECT_EQ(shorter.error().message,
            "Tile 1 of level 0 of the Merkle tree holds 43 hashes where 44 were expected. Run "
            "`runledger verify`.");
  tiles.erase(tile_key(1, 0));
  EXPECT_EQ(Tree::load(grown.view, LogSize(260)).error().code, ErrorCode::damaged);
}

TEST(Tree, RefusesATileThatIsNotWholeHashes) {
  Grown grown;
  grown.append(numbered_leaves(5));
  grown.view.pairs_of(Family::tiles)[tile_key(0, 0)] += "x";
  EXPECT_EQ(tree_root(grown.view, LogSize(5)).error().code, ErrorCode::damaged);
}

RC_GTEST_PROP(Tree, IsTheNaiveTreeWhateverTheGroups, ()) {
  const auto groups = *rc::gen::container<std::vector<unsigned>>(rc::gen::inRange(1U, 60U));
  Grown grown;
  std::vector<Digest> leaves;
  for (const unsigned group : groups) {
    for (unsigned i = 0; i < group; ++i)
      leaves.push_back(leaf_hash("leaf " + std::to_string(leaves.size())));
    grown.append(std::span(leaves).last(group));
    RC_ASSERT(grown.tree.root() == naive_root(leaves));
  }
  const std::uint64_t size = *rc::gen::inRange<std::uint64_t>(0, leaves.size() + 1);
  RC_ASSERT(*tree_root(grown.view, LogSize(size)) == naive_root(std::span(leaves).first(size)));
  Grown at_once;
  at_once.append(leaves);
  RC_ASSERT(at_once.view.pairs_of(Family::tiles) == grown.view.pairs_of(Family::tiles));
}

}  // namespace
}  // namespace runledger::ledger
