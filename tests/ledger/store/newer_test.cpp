// What this version does with a ledger in which a newer one has written.
#include <array>

#include <rocksdb/db.h>

#include <runledger/base/bytes.hpp>

#include "changed_event.hpp"
#include "check_log.hpp"
#include "database.hpp"
#include "database_options.hpp"
#include "event.hpp"
#include "findings.hpp"
#include "head.hpp"
#include "ledger_fixture.hpp"
#include "projection.hpp"
#include "state.hpp"
#include "tree.hpp"

namespace runledger::ledger {
namespace {

class ANewerLedger : public LedgerFixture {
 protected:
  void SetUp() override {
    LedgerFixture::SetUp();
    add_run("a");
  }
  // Records the event as a newer version does that has projections of this version.
  void record(PendingEvent event, std::uint32_t projections) {
    const auto database = *Database::open(layout_.database(), Database::Mode::read_write);
    LogState state = *decode_state(**database->get(Family::meta, kStateKey));
    Tree tree = *Tree::load(*database, state.size);
    const Seq seq(state.size.value);
    stamp_event(event, {.seq = seq, .recorded_at = state.recorded_at + 1, .nonce = {}});
    const EventHashes hashes = hash_event(event);
    tree.append(hashes.leaf);
    state = {.generation = state.generation + 1,
             .size = size_after(seq),
             .recorded_at = state.recorded_at + 1,
             .projections = projections};
    Changes changes = tree.take_changes();
    changes.push_back({Family::events, event_key(seq), std::string(text_of(event))});
    changes.push_back({Family::meta, std::string(kStateKey), encode_state(state)});
    ASSERT_TRUE(database->write(changes));
    auto head = *HeadFile::open(layout_.head());
    ASSERT_TRUE(head.advance({.generation = state.generation,
                              .seq = seq,
                              .event_hash = hashes.event,
                              .size = state.size,
                              .root = tree.root(),
                              .recorded_at = state.recorded_at}));
  }
  static PendingEvent of_unknown_kind() {
    return test::of_kind(200, test::attested_event("newer"));
  }
  ErrorCode writing_refused() {
    const auto recorded = add({run_event("refused")});
    return recorded ? ErrorCode::internal : recorded.error().code;
  }

  // A family that a newer version has added, through RocksDB itself.
  class WithNewFamily {
   public:
    explicit WithNewFamily(const Layout& layout) {
      auto descriptors = family_descriptors();
      const auto options = descriptors.front().options;
      rocksdb::DBOptions database = database_options();
      database.create_missing_column_families = true;
      descriptors.emplace_back("newer", options);
      rocksdb::DB* opened = nullptr;
      EXPECT_TRUE(
          rocksdb::DB::Open(database, layout.database(), descriptors, &handles_, &opened).ok());
      db_.reset(opened);
    }
    WithNewFamily(const WithNewFamily&) = delete;
    WithNewFamily& operator=(const WithNewFamily&) = delete;
    ~WithNewFamily() {
      for (auto* handle : handles_) db_->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
    }
    void put(const std::string& key, const std::string& value) {
      EXPECT_TRUE(db_->Put(synced_write(), handles_.back(), key, value).ok());
    }
    std::string get(const std::string& key) {
      std::string value;
      EXPECT_TRUE(db_->Get({}, handles_.back(), key, &value).ok());
      return value;
    }

   private:
    std::unique_ptr<rocksdb::DB> db_;
    std::vector<rocksdb::ColumnFamilyHandle*> handles_;
  };
};

TEST_F(ANewerLedger, HoldsEventsOfUnknownKindsThatFitTheTree) {
  record(of_unknown_kind(), kProjectionVersion + 1);
  const auto database = *Database::open(layout_.database(), Database::Mode::read_only);
  Findings findings;
  EXPECT_EQ(check_log(*database,
                      {.size = LogSize(3),
                       .head = *HeadFile::read(layout_.head()),
                       .on_event = {},
                       .progress = {}},
                      findings),
            3U);
  EXPECT_TRUE(findings.empty()) << findings.take().front().message;
}

TEST_F(ANewerLedger, IsVerifiedAsFarAsItCanBeAndNotCalledDamaged) {
  for (const std::uint32_t projections : {kProjectionVersion, kProjectionVersion + 1})
    record(of_unknown_kind(), projections);
  const auto verification = verify(path_, nullptr);
  ASSERT_TRUE(verification) << verification.error().message;
  EXPECT_TRUE(test::damage_in(*verification).empty());
  EXPECT_EQ(verification->events_checked, 4u);
  EXPECT_EQ(verification->head.size, LogSize(4));
  ASSERT_EQ(verification->notes.size(), 2u);
  EXPECT_EQ(verification->notes[0].first_seq, Seq(2));
  EXPECT_EQ(verification->notes[0].message,
            "A newer runledger recorded 2 events, from 2 on, of kinds that this one does not know: "
            "they are as they were recorded, and only the newer one can check what they say.");
  EXPECT_EQ(verification->notes[1].message,
            "The indexes are of a newer runledger, which alone can compare them with the events.");
}

TEST_F(ANewerLedger, MayRetractARunOfAKindThatThisVersionDoesNotKnow) {
  record(of_unknown_kind(), kProjectionVersion + 1);
  record(test::retracted_event("b", 2), kProjectionVersion + 1);
  EXPECT_TRUE(test::damage_in(*verify(path_, nullptr)).empty());
}

TEST_F(ANewerLedger, IsDamagedWhenAnEventOfAnUnknownKindIsChanged) {
  record(of_unknown_kind(), kProjectionVersion + 1);
  {
    const auto database = *Database::open(layout_.database(), Database::Mode::read_write);
    std::string bytes = **database->get(Family::events, event_key(Seq(2)));
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    ASSERT_TRUE(database->write({{Family::events, event_key(Seq(2)), bytes}}));
  }
  const auto damage = test::damage_in(*verify(path_, nullptr));
  ASSERT_FALSE(damage.empty());
  EXPECT_EQ(damage.front().first_seq, Seq(2));
}

TEST_F(ANewerLedger, IsLeftToTheNewerVersion) {
  record(of_unknown_kind(), kProjectionVersion + 1);
  EXPECT_EQ(writing_refused(), ErrorCode::unsupported);
  EXPECT_EQ(Reader::open(path_, {}).error().code, ErrorCode::unsupported);
  EXPECT_EQ(reindex(path_, {}, nullptr).error().code, ErrorCode::unsupported);
}

TEST_F(ANewerLedger, IsNotDamagedWhenItsProjectionsAreToBeRebuilt) {
  record(of_unknown_kind(), 0);
  const auto recorded = add({run_event("refused")});
  ASSERT_FALSE(recorded);
  EXPECT_EQ(recorded.error().code, ErrorCode::unsupported);
  EXPECT_EQ(recorded.error().message,
            "Event 2 was recorded by a newer version of runledger. Use that one to read it.");
  EXPECT_EQ(Reader::open(path_, {}).error().code, ErrorCode::unsupported);
  EXPECT_EQ(reindex(path_, {}, nullptr).error().code, ErrorCode::unsupported);
}

TEST_F(ANewerLedger, IsReadAndWrittenBesideAFamilyOfIts) {
  WithNewFamily(layout_).put("key", "value");
  EXPECT_EQ(*open_reader().count({}), 1u);
  EXPECT_EQ(add_run("b"), Seq(2));
  EXPECT_TRUE(reindex(path_, {}, nullptr));
  EXPECT_EQ(*open_reader().count({}), 2u);
  EXPECT_TRUE(test::damage_in(*verify(path_, nullptr)).empty());
  EXPECT_EQ(WithNewFamily(layout_).get("key"), "value");
}

TEST_F(ANewerLedger, KeepsAFamilyOfItsThroughAFlushOfEverything) {
  WithNewFamily(layout_).put("key", "value");
  {
    const auto database = *Database::open(layout_.database(), Database::Mode::read_write);
    ASSERT_TRUE(database->flush());
  }
  EXPECT_EQ(add_run("b"), Seq(2));
  EXPECT_EQ(WithNewFamily(layout_).get("key"), "value");
}

}  // namespace
}  // namespace runledger::ledger
