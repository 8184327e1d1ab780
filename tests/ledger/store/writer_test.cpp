#include "writer.hpp"

#include "counters.hpp"
#include "keys.hpp"
#include "ledger_fixture.hpp"
#include "lock.hpp"
#include "recount.hpp"

namespace runledger::ledger {
namespace {

// A ledger that one writer holds open, group after group.
class Writer : public LedgerFixture {
 protected:
  LedgerWriter& writer() {
    if (!writer_) {
      auto opened = LedgerWriter::open(layout_, *take_lock(layout_, {}));
      EXPECT_TRUE(opened) << opened.error().message;
      writer_ = *std::move(opened);
    }
    return *writer_;
  }
  std::vector<Result<Recorded>> commit(std::vector<std::vector<PendingEvent>> appends) {
    return writer().commit(appends);
  }
  static RunCounts runs_in(const View& view) { return *read_counts(view, now_key(scope_key({}))); }

 private:
  std::unique_ptr<LedgerWriter> writer_;
};

TEST_F(Writer, CountsAsARecountOverManyGroups) {
  for (std::uint64_t round = 1; round <= 4; ++round) {
    const std::string name = std::to_string(round);
    const auto runs = commit({{run_event("a" + name), run_event("b" + name)}}).front();
    ASSERT_TRUE(runs);
    const std::uint64_t run = runs->seqs.front().value;
    ASSERT_TRUE(commit({{test::retracted_event("c" + name, run)}}).front());
    EXPECT_EQ(runs_in(writer().view()).hidden, 1u);
    ASSERT_TRUE(commit({{test::restored_event("d" + name, run)}}).front());
    EXPECT_EQ(runs_in(writer().view()).hidden, 0u);
    EXPECT_EQ(runs_in(writer().view()).total, 2 * round);
    EXPECT_EQ(differing_from_recount(writer()), 0u);
  }
}

TEST_F(Writer, CountsNothingOfARefusedAppend) {
  const auto results = commit({{run_event("a"), test::retracted_event("b", 1), run_event("c")},
                               {run_event("d"), test::retracted_event("e", 99)},
                               {run_event("f"), test::retracted_event("g", 1)},
                               {run_event("h"), test::retracted_event("i", 3)}});
  ASSERT_TRUE(results[0]);
  EXPECT_EQ(results[1].error().code, ErrorCode::not_found);
  EXPECT_EQ(results[2].error().code, ErrorCode::conflict);
  ASSERT_TRUE(results[3]);
  EXPECT_EQ(runs_in(writer().view()).total, 3u);
  EXPECT_EQ(runs_in(writer().view()).hidden, 2u);
  EXPECT_EQ(differing_from_recount(writer()), 0u);
}

TEST_F(Writer, CountsOnFromWhatReindexFound) {
  {
    const auto database = *Database::open(layout_.database(), Database::Mode::read_write);
    const Changes wrong{{Family::counters, now_key(scope_key({})), encode_counts({.total = 7})}};
    ASSERT_TRUE(database->write(wrong));
  }
  ASSERT_TRUE(commit({{run_event("a")}}).front());
  EXPECT_EQ(runs_in(writer().view()).total, 8u);
  EXPECT_NE(differing_from_recount(writer()), 0u);
  ASSERT_TRUE(writer().rebuild_projections(nullptr));
  ASSERT_TRUE(commit({{run_event("b")}}).front());
  EXPECT_EQ(runs_in(writer().view()).total, 2u);
  EXPECT_EQ(differing_from_recount(writer()), 0u);
}

}  // namespace
}  // namespace runledger::ledger
