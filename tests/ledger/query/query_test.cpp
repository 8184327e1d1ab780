#include "query.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "cursor.hpp"
#include "memory_ledger.hpp"

namespace runledger::ledger {
namespace {

using test::MemoryLedger;
using test::run_event;

class Query : public ::testing::Test {
 protected:
  Query() {
    for (int i = 0; i < 5; ++i)
      EXPECT_TRUE(ledger_.append(run_event({.request_id = std::to_string(i)})));
  }
  // Ids of a page.
  std::vector<std::uint64_t> ids(const RunFilter& filter, const PageRequest& page) {
    std::vector<std::uint64_t> ids;
    const auto found = list_runs(ledger_.view(), filter, page);
    EXPECT_TRUE(found) << found.error().message;
    for (const RunRow& row : found->runs) ids.push_back(row.id.value);
    return ids;
  }
  MemoryLedger ledger_;
};

TEST_F(Query, ListsNewestFirst) {
  EXPECT_EQ(ids({}, {}), (std::vector<std::uint64_t>{5, 4, 3, 2, 1}));
  EXPECT_EQ(ids({}, {.limit = 2, .offset = 1, .cursor = {}}), (std::vector<std::uint64_t>{4, 3}));
}

TEST_F(Query, GivesACursorOnlyWhenThereIsMore) {
  EXPECT_TRUE(list_runs(ledger_.view(), {}, {.limit = 4, .offset = 0, .cursor = {}})->next_cursor);
  EXPECT_FALSE(list_runs(ledger_.view(), {}, {.limit = 5, .offset = 0, .cursor = {}})->next_cursor);
  EXPECT_FALSE(list_runs(ledger_.view(), {}, {.limit = 4, .offset = 9, .cursor = {}})->next_cursor);
}

TEST_F(Query, RefusesPagesOfNothingAndPagesWithoutBound) {
  for (const std::uint64_t limit : {std::uint64_t{0}, kPageRunsMax + 1}) {
    const auto page = list_runs(ledger_.view(), {}, {.limit = limit, .offset = 0, .cursor = {}});
    EXPECT_EQ(page.error().code, ErrorCode::invalid_input);
  }
}

TEST_F(Query, FindsNothingWithoutAGroup) {
  RunFilter filter;
  filter.groups.clear();
  EXPECT_TRUE(ids(filter, {}).empty());
  EXPECT_EQ(*count_runs(ledger_.view(), filter), 0U);
}

TEST_F(Query, CountsAGroupThatIsNamedTwiceOnce) {
  RunFilter filter;
  filter.groups = {RunGroup::listed, RunGroup::listed};
  EXPECT_EQ(*count_runs(ledger_.view(), filter), 5U);
  EXPECT_EQ(ids(filter, {}).size(), 5U);
}

TEST_F(Query, FindsNothingWhenSinceIsAfterUntil) {
  RunFilter filter;
  filter.since = std::numeric_limits<TimeNs>::max();
  filter.until = std::numeric_limits<TimeNs>::min();
  EXPECT_TRUE(ids(filter, {}).empty());
  EXPECT_EQ(*count_runs(ledger_.view(), filter), 0U);
}

TEST_F(Query, TakesTheWidestTimesAsNoBounds) {
  RunFilter filter;
  filter.since = std::numeric_limits<TimeNs>::min();
  filter.until = std::numeric_limits<TimeNs>::max();
  EXPECT_EQ(ids(filter, {}).size(), 5U);
  EXPECT_EQ(*count_runs(ledger_.view(), filter), 5U);
}

TEST_F(Query, CountsARunOfTwoInputsOnceInAllAndOnceForEachTicker) {
  EXPECT_TRUE(ledger_.append(run_event({.request_id = "pair", .tickers = {"SPY", "AAPL"}})));
  EXPECT_EQ(*count_runs(ledger_.view(), {}), 6U);
  RunFilter filter;
  filter.ticker = "AAPL";
  EXPECT_EQ(*count_runs(ledger_.view(), filter), 6U);
  filter.ticker = "SPY";
  EXPECT_EQ(*count_runs(ledger_.view(), filter), 1U);
  EXPECT_EQ(ids(filter, {}), (std::vector<std::uint64_t>{6}));
}

TEST_F(Query, ReadsOnlyTheEventOfTheMomentForThePast) {
  RunFilter filter;
  filter.as_of = Seq(3);
  EXPECT_EQ(ids(filter, {}), (std::vector<std::uint64_t>{3, 2, 1}));
  EXPECT_EQ(*count_runs(ledger_.view(), filter), 3U);
  filter.as_of = Seq(1'000'000);
  EXPECT_EQ(*count_runs(ledger_.view(), filter), 5U);
}

TEST(Cursor, IsPrintableAndComesBack) {
  RunFilter filter;
  filter.ticker = "AAPL";
  const std::string cursor = encode_cursor(123, filter);
  EXPECT_EQ(cursor.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"), std::string::npos);
  EXPECT_EQ(*decode_cursor(cursor, filter), 123);
}

TEST(Cursor, IsRefusedWithAnotherFilter) {
  const std::string cursor = encode_cursor(123, RunFilter{});
  std::vector<RunFilter> others(8);
  others[0].ticker = "";
  others[1].strategy = "";
  others[2].sweep = "";
  others[3].since = 0;
  others[4].until = 0;
  others[5].retracted = true;
  others[6].as_of = Seq(0);
  others[7].groups = {RunGroup::listed, RunGroup::failed};
  for (const RunFilter& other : others) {
    const auto position = decode_cursor(cursor, other);
    ASSERT_FALSE(position);
    EXPECT_EQ(position.error().code, ErrorCode::invalid_input);
    EXPECT_NE(position.error().message.find("does not belong to this list"), std::string::npos);
  }
}

TEST(Cursor, IsTheSameWhateverTheOrderOfGroups) {
  RunFilter a;
  a.groups = {RunGroup::listed, RunGroup::failed};
  RunFilter b;
  b.groups = {RunGroup::failed, RunGroup::listed};
  EXPECT_EQ(encode_cursor(5, a), encode_cursor(5, b));
}

RC_GTEST_PROP(Cursor, IsRefusedWhenAnyCharacterDiffers, (TimeNs time)) {
  std::string cursor = encode_cursor(time, RunFilter{});
  const auto place = *rc::gen::inRange<std::size_t>(0, cursor.size());
  const char other = *rc::gen::arbitrary<char>();
  RC_PRE(other != cursor[place]);
  cursor[place] = other;
  RC_ASSERT(decode_cursor(cursor, RunFilter{}).error().code == ErrorCode::invalid_input);
}

TEST(Cursor, IsRefusedWhenItIsNone) {
  for (const std::string_view text : {"", "100", "c2-000000e8d4a5100ae9c49410fe53af73", "c1-"}) {
    const auto position = decode_cursor(text, RunFilter{});
    EXPECT_EQ(position.error().code, ErrorCode::invalid_input);
    EXPECT_EQ(
        position.error().message,
        "the cursor is not one that runledger gave out; pass `next_cursor` of the page before "
        "unchanged, with the same filters, or leave it out to begin with the newest run");
  }
}

}  // namespace
}  // namespace runledger::ledger
