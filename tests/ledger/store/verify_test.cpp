#include <atomic>
#include <set>
#include <thread>

#include <runledger/ledger/blobs.hpp>
#include <runledger/ledger/doctor.hpp>

#include "lock.hpp"
#include "verify_fixture.hpp"
#include "writer.hpp"

namespace runledger::ledger {
namespace {

namespace fs = std::filesystem;

class Verify : public Verifying {
 protected:
  // An event that names the blob.
  void register_plugin(const Digest& plugin) {
    ASSERT_TRUE(add({test::plugin_event("plugin", plugin)}));
  }
};

TEST_F(Verify, AcceptsAWholeLedger) {
  const Verification verification = look();
  EXPECT_TRUE(verification.ok);
  EXPECT_EQ(verification.events_checked, 11u);
  EXPECT_EQ(verification.head.size, LogSize(11));
  EXPECT_EQ(verification.head.root, open_reader().head().root);
}

TEST_F(Verify, TellsItsProgressToTheEnd) {
  std::uint64_t most = 0;
  bool ended = false;
  ASSERT_TRUE(verify(path_, [&](std::uint64_t done, std::uint64_t total) {
    EXPECT_LE(done, total);
    most = std::max(most, done);
    ended = done == total;
  }));
  EXPECT_EQ(most, 11u);
  EXPECT_TRUE(ended);
}

TEST_F(Verify, IsRightAsOfOneMomentWhileACommitterWrites) {
  Committer committer = open_committer();
  const BlobStore blobs(path_);
  std::atomic<bool> stop{false};
  std::thread writing([&] {
    // Not without end: every look reads all there is, and would take ever longer.
    for (int i = 0; i < 500 && !stop; ++i) {
      const std::string id = "w" + std::to_string(i);
      const Digest plugin = *blobs.put(bytes_of(id));
      EXPECT_TRUE(committer.append({test::plugin_event(id, plugin)}));
      EXPECT_TRUE(committer.append({run_event(id + " run"), run_event(id + " again")}));
    }
  });
  std::uint64_t size = 0;
  for (int i = 0; i < 15; ++i) {
    const Verification verification = look();
    for (const Finding& finding : verification.findings)
      ADD_FAILURE() << finding.where << ": " << finding.message;
    EXPECT_FALSE(is_among(verification.notes, "HEAD", ""));
    EXPECT_EQ(verification.events_checked, verification.head.size.value);
    EXPECT_EQ(verification.acknowledged->size >= verification.head.size, true);
    EXPECT_GE(verification.head.size.value, size);
    size = verification.head.size.value;
  }
  stop = true;
  writing.join();
  EXPECT_GT(size, 11u);
}

TEST_F(Verify, IsRightWhenACommitterMergesTablesAwayMeanwhile) {
  const auto tables = [this] {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(layout_.database()))
      if (entry.path().extension() == ".sst") names.insert(entry.path().string());
    return names;
  };
  const auto write_and_merge = [this](int round) {
    const auto writer = *LedgerWriter::open(layout_, *take_lock(layout_, {}));
    for (int i = 0; i < 8; ++i) {
      const std::vector<PendingEvent> events{
          run_event("m" + std::to_string(round) + " " + std::to_string(i))};
      EXPECT_TRUE(writer->commit({&events, 1}).front());
      EXPECT_TRUE(writer->flush());
    }
  };
  write_and_merge(0);
  const auto before = tables();
  bool merged = false;
  const auto verification = verify(path_, [&](std::uint64_t done, std::uint64_t total) {
    if (!std::exchange(merged, true)) write_and_merge(1);
    EXPECT_LE(done, total);
  });
  ASSERT_TRUE(verification) << verification.error().message;
  const auto after = tables();
  EXPECT_FALSE(std::ranges::includes(after, before)) << "no table was merged away";
  EXPECT_EQ(verification->head.size, LogSize(19));
  for (const Finding& finding : test::damage_in(*verification))
    ADD_FAILURE() << finding.where << ": " << finding.message;
}

TEST_F(Verify, NamesAChangedEvent) {
  std::string bytes = stored(Family::events, event_key(Seq(4)));
  bytes[bytes.size() - 30] = static_cast<char>(bytes[bytes.size() - 30] ^ 4);
  change({{Family::events, event_key(Seq(4)), bytes}});
  expect_finding("event 4", "", Seq(4));
  EXPECT_EQ(look().findings.size(), 1u);
}

TEST_F(Verify, NamesMissingEvents) {
  change({{Family::events, event_key(Seq(3)), std::nullopt},
          {Family::events, event_key(Seq(4)), std::nullopt}});
  expect_finding("event 3", "3 to 4 are missing", Seq(3));
}

// What is claimed costs nothing: only what is there is read.
TEST_F(Verify, DoesNotCountToASizeThatNobodyCanHave) {
  for (const std::uint64_t size : {std::uint64_t{1} << 60, ~std::uint64_t{0}}) {
    LogState claimed = state();
    claimed.size = LogSize(size);
    change({{Family::meta, std::string(kStateKey), encode_state(claimed)}});
    expect_finding("event 11", "Events 11 to " + std::to_string(size - 1) + " are missing.",
                   Seq(11));
    const auto refused = Reader::open(path_, {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::damaged);
  }
}

TEST_F(Verify, DoesNotCountToAnEventThatNobodyCanHaveRecorded) {
  constexpr std::uint64_t kFar = std::uint64_t{1} << 60;
  LogState claimed = state();
  claimed.size = LogSize(kFar + 1);
  PendingEvent far = run_event("far");
  stamp_event(far, {.seq = Seq(kFar), .recorded_at = claimed.recorded_at + 1, .nonce = {}});
  change({{Family::meta, std::string(kStateKey), encode_state(claimed)},
          {Family::events, event_key(Seq(kFar)), std::string(text_of(far))}});
  expect_finding("event 11", "Events 11 to " + std::to_string(kFar - 1) + " are missing.", Seq(11));
}

TEST_F(Verify, NamesAChangedRowOfTheTree) {
  std::string row = stored(Family::tiles, tile_key(0, 0));
  row[40] = static_cast<char>(row[40] ^ 1);
  change({{Family::tiles, tile_key(0, 0), row}});
  expect_finding("", "");
  change({{Family::tiles, tile_key(7, 1), "extra"}});
  expect_finding("", "");
}

TEST_F(Verify, NamesProjectionsThatAreNotWhatTheEventsSay) {
  change({{Family::lookup, "extra", "pair"}});
  expect_finding("index lookup", "1 pairs");
  ASSERT_TRUE(reindex(path_, {}, nullptr));
  EXPECT_TRUE(look().ok);
}

TEST_F(Verify, NamesAnUnknownRowBesideTheState) {
  change({{Family::meta, "other", "row"}, {Family::meta, std::string(20, '\xff'), "row"}});
  EXPECT_EQ(look().findings.size(), 1u);
  expect_finding("family default", "2 rows beside the state");
}

TEST_F(Verify, LeavesRowsOfTheKeptFamilyToWhoeverKnowsThem) {
  change({{Family::kept, "checkpoint", "row"}});
  expect_note("family kept", "1 row of a newer runledger");
}

TEST_F(Verify, NamesARowAmongTheEventsThatIsNone) {
  change({{Family::events, event_key(Seq(3)) + "x", "row"}});
  EXPECT_EQ(look().findings.size(), 1u);
  EXPECT_EQ(look().events_checked, 11u);
  change({{Family::events, event_key(Seq(3)) + "x", std::nullopt},
          {Family::events, std::string(20, '\xff'), "row"}});
  expect_finding("db", "after the end of the log");
}

TEST_F(Verify, NamesHeadAndFormat) {
  flip(layout_.head(), 4096 + 20);
  flip(layout_.head(), 20);
  expect_finding("HEAD", "damaged");
  flip(layout_.format(), 3);
  expect_finding("FORMAT", "");
}

TEST_F(Verify, NamesABlobThatIsMissingOrDamaged) {
  const BlobStore blobs(path_);
  const Digest name = *blobs.put(bytes_of("a plugin"));
  register_plugin(name);
  EXPECT_EQ(look().blobs_checked, 1u);
  flip(blobs.path_of(name), 9);
  expect_finding(blobs.path_of(name).string(), "event 11", Seq(11));
  fs::remove(blobs.path_of(name));
  expect_finding(blobs.path_of(name).string(), "missing", Seq(11));
}

TEST_F(Verify, LeavesABlobThatNothingNamesAlone) {
  ASSERT_TRUE(BlobStore(path_).put(bytes_of("an orphan")));
  const Verification verification = look();
  EXPECT_TRUE(verification.ok);
  EXPECT_EQ(verification.blobs_checked, 0u);
}

TEST_F(Verify, IsAnErrorWhereNoLedgerIs) {
  EXPECT_EQ(verify(directory_.path(), nullptr).error().code, ErrorCode::not_found);
}

class Examining : public Verifying {};

TEST_F(Examining, TellsWhatCanBeSeenFromOutside) {
  auto condition = examine(path_);
  ASSERT_TRUE(condition) << condition.error().message;
  EXPECT_EQ(condition->head.size, LogSize(11));
  EXPECT_EQ(condition->generation, 11u);
  EXPECT_FALSE(condition->writer);
  EXPECT_GT(condition->log_files, 0u);
  EXPECT_GT(condition->free_bytes, 0u);
  const Committer committer = open_committer();
  EXPECT_TRUE(examine(path_)->writer);
}

TEST_F(Examining, ProposesTheHeadOfTheDatabaseAndWritesItWhenConfirmed) {
  const LogHead head = open_reader().head();
  fs::remove(layout_.head());
  EXPECT_FALSE(Reader::open(path_, {}));
  const auto proposal = propose_head(path_, {});
  ASSERT_TRUE(proposal) << proposal.error().message;
  EXPECT_FALSE(proposal->present);
  EXPECT_EQ(proposal->proposed.root, head.root);
  EXPECT_FALSE(Reader::open(path_, {}));
  ASSERT_TRUE(repair_head(path_, *proposal, {}));
  EXPECT_EQ(open_reader().head().root, head.root);
  EXPECT_EQ(add_run("next"), Seq(11));
  EXPECT_TRUE(look().ok);
}

TEST_F(Examining, ProposesNoHeadForALogThatDoesNotFitTogether) {
  change({{Family::events, event_key(Seq(3)), std::nullopt}});
  fs::remove(layout_.head());
  EXPECT_EQ(propose_head(path_, {}).error().code, ErrorCode::damaged);
}

TEST_F(Examining, DoesNotWriteAHeadThatWasProposedForAnotherState) {
  const auto proposal = propose_head(path_, {});
  add_run("later");
  EXPECT_EQ(repair_head(path_, *proposal, {}).error().code, ErrorCode::conflict);
}

}  // namespace
}  // namespace runledger::ledger
