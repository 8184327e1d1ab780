#include "counter_rows.hpp"

#include <gtest/gtest.h>

#include "memory_view.hpp"

namespace runledger::ledger {
namespace {

using test::MemoryView;

class CountingRows : public ::testing::Test {
 protected:
  void store(const std::string& key, RunCounts counts) {
    stored_.apply({{Family::counters, key, encode_counts(counts)}});
  }
  static RunCounts& in(CounterRows& rows, const std::string& key) { return **rows.row(key); }
  MemoryView stored_;
  CounterRows rows_{&stored_};
};

TEST_F(CountingRows, BeginAsTheyAreStored) {
  store("known", {.total = 5, .hidden = 2});
  EXPECT_EQ(in(rows_, "known").total, 5u);
  EXPECT_EQ(in(rows_, "known").hidden, 2u);
  EXPECT_EQ(in(rows_, "new").total, 0u);
}

TEST_F(CountingRows, RefuseAStoredRowThatIsDamaged) {
  stored_.apply({{Family::counters, "bad", "?"}});
  EXPECT_EQ(rows_.row("bad").error().code, ErrorCode::damaged);
  CounterRows newer(&rows_);
  EXPECT_EQ(newer.row("bad").error().code, ErrorCode::damaged);
}

TEST_F(CountingRows, AreKeptApartFromThoseBelowUntilAbsorbed) {
  in(rows_, "a").total = 3;
  CounterRows newer(&rows_);
  in(newer, "a").total += 1;
  in(newer, "b").total = 7;
  EXPECT_EQ(in(rows_, "a").total, 3u);
  rows_.absorb(newer);
  EXPECT_EQ(in(rows_, "a").total, 4u);
  EXPECT_EQ(in(rows_, "b").total, 7u);
  EXPECT_TRUE(newer.changes().empty());
  EXPECT_EQ(newer.bytes(), 0u);
  EXPECT_EQ(rows_.bytes(), 2 * (1 + sizeof(RunCounts)));
}

TEST_F(CountingRows, AreReadAgainOnceWrittenAndCleared) {
  in(rows_, "a").total = 3;
  stored_.apply(rows_.changes());
  rows_.clear();
  EXPECT_TRUE(rows_.changes().empty());
  EXPECT_EQ(rows_.bytes(), 0u);
  EXPECT_EQ(in(rows_, "a").total, 3u);
}

}  // namespace
}  // namespace runledger::ledger
