#include "leaf.hpp"

#include <set>

#include <gtest/gtest.h>

namespace runledger::ledger {
namespace {

TEST(Leaf, IsTheTextOfTheSpecification) {
  const Leaf leaf{.seq = Seq(73894),
                  .recorded_at = 1795336128123456789,
                  .kind = schema::Payload::RunCompleted,
                  .event_hash = sha256("any"),
                  .size = 4096};
  EXPECT_EQ(leaf_text(leaf),
            "runledger/leaf/v1\nseq 73894\ntime 1795336128123456789\n"
            "kind run.completed\nevent " +
                sha256("any").hex() + "\nsize 4096\n");
}

// The line of a leaf that says what kind of event it is of.
std::string kind_line(unsigned kind) {
  const std::string text = leaf_text({.seq = {},
                                      .recorded_at = 0,
                                      .kind = static_cast<schema::Payload>(kind),
                                      .event_hash = {},
                                      .size = 0});
  const std::size_t begin = text.find("kind ");
  return text.substr(begin, text.find('\n', begin) - begin);
}

TEST(Leaf, NamesTheFirstTwentyKindsDifferently) {
  std::set<std::string> lines;
  for (unsigned kind = 1; kind <= 20; ++kind) {
    const std::string line = kind_line(kind);
    EXPECT_GT(line.size(), 5U) << kind;
    EXPECT_EQ(line.find_first_not_of("abcdefghijklmnopqrstuvwxyz.", 5), std::string::npos);
    lines.insert(line);
  }
  EXPECT_EQ(lines.size(), 20U);
  EXPECT_EQ(kind_line(2), "kind dataset.imported");
  EXPECT_EQ(kind_line(5), "kind run.completed");
  EXPECT_EQ(kind_line(20), "kind holdout.sealed");
}

TEST(Leaf, NumbersLaterKindsWhateverTheirNames) {
  for (unsigned kind = 21; kind <= 255; ++kind)
    EXPECT_EQ(kind_line(kind), "kind " + std::to_string(kind));
}

TEST(Leaf, EventHashesHaveADomain) {
  EXPECT_EQ(event_hash(bytes_of("bytes")), sha256("runledger/event/v1\nbytes"));
}

TEST(Leaf, HashesAsRfc6962) {
  EXPECT_EQ(leaf_hash("L123456").hex(),
            "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
  EXPECT_EQ(leaf_hash("").hex(),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  // node_hash() takes digests; the vector is over shorter texts.
  EXPECT_EQ(sha256("\x01N123N456").hex(),
            "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb");
  const Digest left = leaf_hash("");
  const Digest right = leaf_hash(std::string_view("\0", 1));
  EXPECT_EQ(right.hex(), "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7");
  EXPECT_EQ(node_hash(left, right).hex(),
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
}

}  // namespace
}  // namespace runledger::ledger
