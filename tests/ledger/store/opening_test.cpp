#include <fstream>
#include <map>

#include "database.hpp"
#include "event.hpp"
#include "head.hpp"
#include "ledger_fixture.hpp"
#include "lock.hpp"
#include "projection.hpp"
#include "writer.hpp"

namespace runledger::ledger {
namespace {

namespace fs = std::filesystem;

// A ledger of which copies are kept, parts of which are put back.
class Opening : public LedgerFixture {
 protected:
  void keep(const fs::path& what, const std::string& name) {
    fs::copy(what, directory_.path() / name, fs::copy_options::recursive);
  }
  void put_back(const fs::path& what, const std::string& name) {
    fs::remove_all(what);
    fs::copy(directory_.path() / name, what, fs::copy_options::recursive);
  }
  ErrorCode writing_refused() {
    const auto recorded = add({run_event("refused")});
    return recorded ? ErrorCode::internal : recorded.error().code;
  }
  ErrorCode reading_refused() {
    const auto reader = Reader::open(path_, {});
    return reader ? ErrorCode::internal : reader.error().code;
  }
  // What the directory holds, to see that a refusal touches nothing.
  std::map<std::string, std::string> contents() {
    std::map<std::string, std::string> all;
    for (const auto& entry : fs::recursive_directory_iterator(path_)) {
      if (!entry.is_regular_file() || entry.path() == layout_.lock()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      all[entry.path().string()] = {std::istreambuf_iterator<char>(file), {}};
    }
    return all;
  }
  void change(const Changes& changes) {
    const auto database = Database::open(layout_.database(), Database::Mode::read_write);
    ASSERT_TRUE(database);
    ASSERT_TRUE((*database)->write(changes));
  }
  LogState state() {
    const auto database = *Database::open(layout_.database(), Database::Mode::read_only);
    return *decode_state(**database->get(Family::meta, kStateKey));
  }
  void expect_refused(ErrorCode code) {
    const auto before = contents();
    EXPECT_EQ(writing_refused(), code);
    EXPECT_EQ(reading_refused(), code);
    EXPECT_EQ(contents(), before);
  }
};

TEST_F(Opening, RefusesAnOlderDatabaseUnderANewerHead) {
  keep(layout_.database(), "db");
  add_run("a");
  put_back(layout_.database(), "db");
  expect_refused(ErrorCode::rolled_back);
}

TEST_F(Opening, RefusesAnOlderHeadBesideANewerDatabase) {
  keep(layout_.head(), "HEAD");
  add_run("a");
  add_run("b");
  put_back(layout_.head(), "HEAD");
  expect_refused(ErrorCode::rolled_back);
}

TEST_F(Opening, CompletesAHeadThatIsOneGroupBehind) {
  add_run("a");
  keep(layout_.head(), "HEAD");
  add_run("b");
  put_back(layout_.head(), "HEAD");
  EXPECT_EQ(add_run("c"), Seq(3));
  EXPECT_EQ(HeadFile::read(layout_.head())->size, LogSize(4));
}

TEST_F(Opening, RefusesADatabaseWithoutAnything) {
  add_run("a");
  fs::remove_all(layout_.database());
  (void)Database::open(layout_.database(), Database::Mode::create);
  expect_refused(ErrorCode::rolled_back);
}

TEST_F(Opening, RefusesAHeadOfAnotherLedger) {
  const auto other = directory_.path() / "other";
  ASSERT_TRUE(create(other, {.origin = "", .program = "test", .actor = "tester"}));
  fs::copy_file(Layout{other}.head(), layout_.head(), fs::copy_options::overwrite_existing);
  expect_refused(ErrorCode::damaged);
}

TEST_F(Opening, RefusesAGapBeforeTheEnd) {
  for (int i = 0; i < 4; ++i) add_run(std::to_string(i));
  change({{Family::events, event_key(Seq(2)), std::nullopt}});
  expect_refused(ErrorCode::damaged);
}

TEST_F(Opening, RefusesAnEventAfterTheEnd) {
  add_run("a");
  change({{Family::events, event_key(Seq(2)), "late"}});
  expect_refused(ErrorCode::damaged);
}

TEST_F(Opening, RefusesANewestEventThatHeadDoesNotName) {
  add_run("a");
  change({{Family::events, event_key(Seq(1)), "other"}});
  expect_refused(ErrorCode::damaged);
}

TEST_F(Opening, RefusesWhatIsBeyondHeadUnlessItIsWhole) {
  keep(layout_.head(), "HEAD");
  ASSERT_TRUE(add({run_event("a"), run_event("b")}));
  put_back(layout_.head(), "HEAD");
  change({{Family::events, event_key(Seq(1)), "other"}});
  EXPECT_EQ(writing_refused(), ErrorCode::damaged);
  EXPECT_EQ(reading_refused(), ErrorCode::damaged);
}

TEST_F(Opening, RefusesHeadAndFormatThatAreMissing) {
  fs::remove(layout_.head());
  expect_refused(ErrorCode::damaged);
  fs::remove(layout_.format());
  expect_refused(ErrorCode::not_found);
}

TEST_F(Opening, RefusesIndexesOfANewerVersion) {
  LogState newer = state();
  newer.projections = kProjectionVersion + 1;
  change({{Family::meta, std::string(kStateKey), encode_state(newer)}});
  expect_refused(ErrorCode::unsupported);
}

TEST_F(Opening, RebuildsProjectionsThatWereLeftHalfDone) {
  const Seq run = add_run("a");
  LogState marked = state();
  marked.projections = 0;
  change({{Family::meta, std::string(kStateKey), encode_state(marked)},
          {Family::index, "wrong", "pair"}});
  EXPECT_EQ(*open_reader().count({}), 1u);
  EXPECT_EQ(open_reader().list({}, {})->runs.front().id, run);
  EXPECT_EQ(state().projections, kProjectionVersion);
  EXPECT_EQ(reindex(path_, {}, nullptr)->differing, 0u);
}

TEST_F(Opening, IsLeftToOneWriterWhichOthersShareAndReplace) {
  std::optional<Committer> first = open_committer();
  Committer second = open_committer();
  EXPECT_EQ(second.append({run_event("a")})->seqs.front(), Seq(1));
  EXPECT_EQ(first->append({run_event("b")})->seqs.front(), Seq(2));
  first.reset();
  EXPECT_FALSE(fs::exists(layout_.socket()));
  EXPECT_EQ(second.append({run_event("c")})->seqs.front(), Seq(3));
  EXPECT_TRUE(fs::exists(layout_.socket()));
  EXPECT_EQ(add_run("d"), Seq(4));
}

TEST_F(Opening, WaitsForALockThatNobodyServesAndGivesUp) {
  const auto lock = *take_lock(layout_, {});
  EXPECT_EQ(Committer::open(path_, {.lock_timeout = std::chrono::milliseconds(20), .on_wait = {}})
                .error()
                .code,
            ErrorCode::locked);
}

class Reindexing : public Opening {};

TEST_F(Reindexing, FindsNothingToMendInAWholeLedger) {
  const Seq run = add_run("a");
  ASSERT_TRUE(add({test::retracted_event("b", run.value)}));
  const auto reindexed = reindex(path_, {}, nullptr);
  ASSERT_TRUE(reindexed) << reindexed.error().message;
  EXPECT_EQ(reindexed->events, 3u);
  EXPECT_GT(reindexed->pairs, 5u);
  EXPECT_EQ(reindexed->differing, 0u);
}

TEST_F(Reindexing, MendsEveryPair) {
  for (int i = 0; i < 10; ++i) add_run(std::to_string(i));
  Changes changes;
  {
    const auto database = *Database::open(layout_.database(), Database::Mode::read_only);
    for (const Family family : {Family::index, Family::counters, Family::lookup}) {
      const auto scan = database->scan(family, {}, std::string(64, '\xff'));
      changes.push_back({family, std::string(scan->key()), std::nullopt});
      scan->next();
      changes.push_back({family, std::string(scan->key()), "changed"});
      changes.push_back({family, "extra", "pair"});
    }
  }
  change(changes);
  const auto reindexed = reindex(path_, {}, nullptr);
  ASSERT_TRUE(reindexed) << reindexed.error().message;
  EXPECT_EQ(reindexed->differing, changes.size());
  EXPECT_EQ(reindex(path_, {}, nullptr)->differing, 0u);
  EXPECT_EQ(*open_reader().count({}), 10u);
}

TEST_F(Reindexing, IsRefusedWhenAnEventIsNotTheOneThatWasRecorded) {
  for (int i = 0; i < 3; ++i) add_run(std::to_string(i));
  change({{Family::events, event_key(Seq(1)), std::nullopt}});
  change({{Family::events, event_key(Seq(1)), "other"}});
  EXPECT_EQ(reindex(path_, {}, nullptr).error().code, ErrorCode::damaged);
}

}  // namespace
}  // namespace runledger::ledger
