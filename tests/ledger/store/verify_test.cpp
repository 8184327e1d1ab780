#include <fstream>

#include <runledger/ledger/blobs.hpp>
#include <runledger/ledger/doctor.hpp>

#include "database.hpp"
#include "event.hpp"
#include "head.hpp"
#include "ledger_fixture.hpp"
#include "tree.hpp"

namespace runledger::ledger {
namespace {

namespace fs = std::filesystem;

class Verifying : public LedgerFixture {
 protected:
  void SetUp() override {
    LedgerFixture::SetUp();
    for (int i = 0; i < 10; ++i) add_run(std::to_string(i));
  }
  Verification look() {
    auto verification = verify(path_, nullptr);
    EXPECT_TRUE(verification) << verification.error().message;
    return *std::move(verification);
  }
  void expect_finding(const std::string& where, const std::string& words,
                      std::optional<Seq> first = std::nullopt) {
    const Verification verification = look();
    EXPECT_FALSE(verification.ok);
    for (const Finding& finding : verification.findings)
      if (finding.where.find(where) != std::string::npos &&
          finding.message.find(words) != std::string::npos &&
          (!first || finding.first_seq == first))
        return;
    ADD_FAILURE() << "no finding at " << where << " saying " << words;
    for (const Finding& finding : verification.findings)
      std::printf("%s: %s\n", finding.where.c_str(), finding.message.c_str());
  }
  void change(const Changes& changes) {
    const auto database = *Database::open(layout_.database(), Database::Mode::read_write);
    ASSERT_TRUE(database->write(changes));
  }
  std::string stored(Family family, const std::string& key) {
    const auto database = *Database::open(layout_.database(), Database::Mode::read_only);
    return **database->get(family, key);
  }
  static void flip(const fs::path& file, std::size_t byte) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(byte));
    const int old = stream.get();
    stream.seekp(static_cast<std::streamoff>(byte));
    stream.put(static_cast<char>(old ^ 1));
  }
  // An event that names the blob.
  void register_plugin(const Digest& plugin) {
    ASSERT_TRUE(add({test::plugin_event("plugin", plugin)}));
  }
};

TEST_F(Verifying, AcceptsAWholeLedger) {
  const Verification verification = look();
  EXPECT_TRUE(verification.ok);
  EXPECT_EQ(verification.events_checked, 11u);
  EXPECT_EQ(verification.head.size, LogSize(11));
  EXPECT_EQ(verification.head.root, open_reader().head().root);
}

TEST_F(Verifying, TellsItsProgressToTheEnd) {
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

TEST_F(Verifying, WorksBesideACommitter) {
  Committer committer = open_committer();
  EXPECT_TRUE(committer.append({run_event("more")}));
  EXPECT_TRUE(look().ok);
}

TEST_F(Verifying, NamesAChangedEvent) {
  std::string bytes = stored(Family::events, event_key(Seq(4)));
  bytes[bytes.size() - 30] = static_cast<char>(bytes[bytes.size() - 30] ^ 4);
  change({{Family::events, event_key(Seq(4)), bytes}});
  expect_finding("event 4", "", Seq(4));
  EXPECT_EQ(look().findings.size(), 1u);
}

TEST_F(Verifying, NamesMissingEvents) {
  change({{Family::events, event_key(Seq(3)), std::nullopt},
          {Family::events, event_key(Seq(4)), std::nullopt}});
  expect_finding("event 3", "3 to 4 are missing", Seq(3));
}

TEST_F(Verifying, NamesAChangedRowOfTheTree) {
  std::string row = stored(Family::tiles, tile_key(0, 0));
  row[40] = static_cast<char>(row[40] ^ 1);
  change({{Family::tiles, tile_key(0, 0), row}});
  expect_finding("", "");
  change({{Family::tiles, tile_key(7, 1), "extra"}});
  expect_finding("", "");
}

TEST_F(Verifying, NamesProjectionsThatAreNotWhatTheEventsSay) {
  change({{Family::lookup, "extra", "pair"}});
  expect_finding("index lookup", "1 pairs");
  ASSERT_TRUE(reindex(path_, {}, nullptr));
  EXPECT_TRUE(look().ok);
}

TEST_F(Verifying, NamesAnUnknownRowBesideTheState) {
  change({{Family::meta, "other", "row"}});
  expect_finding("db", "unknown");
}

TEST_F(Verifying, NamesHeadAndFormat) {
  flip(layout_.head(), 4096 + 20);
  expect_finding("HEAD", "");
  flip(layout_.head(), 20);
  flip(layout_.head(), 4096 + 20);
  expect_finding("HEAD", "damaged");
  flip(layout_.format(), 3);
  expect_finding("FORMAT", "");
}

TEST_F(Verifying, NamesABlobThatIsMissingOrDamaged) {
  const BlobStore blobs(path_);
  const Digest name = *blobs.put(bytes_of("a plugin"));
  register_plugin(name);
  EXPECT_EQ(look().blobs_checked, 1u);
  flip(blobs.path_of(name), 9);
  expect_finding(blobs.path_of(name).string(), "event 11", Seq(11));
  fs::remove(blobs.path_of(name));
  expect_finding(blobs.path_of(name).string(), "missing", Seq(11));
}

TEST_F(Verifying, LeavesABlobThatNothingNamesAlone) {
  ASSERT_TRUE(BlobStore(path_).put(bytes_of("an orphan")));
  const Verification verification = look();
  EXPECT_TRUE(verification.ok);
  EXPECT_EQ(verification.blobs_checked, 0u);
}

TEST_F(Verifying, IsAnErrorWhereNoLedgerIs) {
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
