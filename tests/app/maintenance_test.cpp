#include <fstream>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include <runledger/app/maintenance.hpp>
#include <runledger/ledger/blobs.hpp>
#include <runledger/ledger/ledger.hpp>

#include "event_building.hpp"
#include "workbench.hpp"

namespace runledger::app {
namespace {

namespace fs = std::filesystem;

class Maintenance : public test::Workbench {
 protected:
  Maintenance() { import(write_prices("ACME.csv", 800)); }
};

TEST_F(Maintenance, ASoundLedgerIsVerified) {
  run(options("ACME"));
  const auto verified = verify(context_);
  ASSERT_TRUE(verified) << verified.error().message;
  EXPECT_TRUE(verified->ok);
  EXPECT_EQ(verified->events_checked, verified->head.size.value);
  EXPECT_GT(verified->blobs_checked, 0U);
}

TEST_F(Maintenance, ADamagedBlobIsAFinding) {
  const RunDetail run = this->run(options("ACME"));
  const fs::path blob = ledger::BlobStore(context_.ledger).path_of(*run.plugin_digest);
  fs::permissions(blob, fs::perms::owner_all);
  std::ofstream(blob, std::ios::trunc) << "other";
  const auto verified = verify(context_);
  ASSERT_TRUE(verified) << verified.error().message;
  EXPECT_FALSE(verified->ok);
  EXPECT_FALSE(verified->findings.empty());
}

// Versions of a ticker's data, and an import that says of one what is not so.
class DatasetVerification : public Maintenance {
 protected:
  // Records the import again with a change; the findings.
  std::vector<Finding> findings_after(
      const std::function<void(schema::DatasetImportedT&)>& change) const {
    const auto reader = ledger::Reader::open(context_.ledger, {});
    const auto versions = reader->datasets("ACME");
    schema::EventT event;
    event_in(*reader->event(versions->back().imported)).UnPackTo(&event);
    schema::DatasetImportedT import = *event.payload.AsDatasetImported();
    change(import);
    const auto recorded = ledger::append(
        context_.ledger, {make_event("forged", context_.actor, std::move(import))}, {});
    EXPECT_TRUE(recorded) << recorded.error().message;
    const auto verified = verify(context_);
    EXPECT_TRUE(verified) << verified.error().message;
    return verified->findings;
  }
  void expect_one(const std::function<void(schema::DatasetImportedT&)>& change,
                  const std::string& words) const {
    const auto findings = findings_after(change);
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings.front().where, "event 2");
    EXPECT_NE(findings.front().message.find(words), std::string::npos) << findings.front().message;
    EXPECT_NE(findings.front().message.find("import the file again"), std::string::npos);
  }
};

TEST_F(DatasetVerification, AcceptsVersionsThatShareChunks) {
  import(write_prices("ACME.csv", 900));
  import(write_prices("ACME.csv", 300));
  import(write_prices("OTHER.csv", 900));
  run(options("ACME"));
  const auto verified = verify(context_);
  ASSERT_TRUE(verified) << verified.error().message;
  EXPECT_TRUE(verified->ok) << verified->findings.front().message;
  EXPECT_TRUE(verified->notes.empty()) << verified->notes.front().message;
}

TEST_F(DatasetVerification, FindsChunksInAnotherOrder) {
  expect_one([](auto& import) { std::swap(import.chunks.at(0), import.chunks.at(1)); },
             "the times do not ascend");
}

TEST_F(DatasetVerification, FindsChunksOfOtherLengths) {
  expect_one([](auto& import) { std::swap(import.chunks.at(0)->bars, import.chunks.at(3)->bars); },
             "chunk 1 has 256 bars, and the event says 32");
}

TEST_F(DatasetVerification, FindsAnotherRangeOfTime) {
  expect_one([](auto& import) { import.start = *import.start - 1; }, "they run from");
}

TEST_F(DatasetVerification, FindsALaterEnd) {
  expect_one([](auto& import) { import.end = *import.end + 1; }, "they run from");
}

TEST_F(DatasetVerification, FindsAChunkLeftOut) {
  expect_one(
      [](auto& import) {
        import.bars -= import.chunks.back()->bars;
        import.chunks.pop_back();
      },
      "they run from");
}

TEST_F(DatasetVerification, FindsAnotherDigest) {
  expect_one([](auto& import) { import.dataset = stored(sha256("other bars")); },
             "their digest is");
}

TEST_F(DatasetVerification, FindsAnIntervalThatChangesTheDigest) {
  expect_one([](auto& import) { import.interval = "1w"; }, "their digest is");
}

TEST_F(DatasetVerification, FindsAnIntervalThatNobodyKnows) {
  expect_one([](auto& import) { import.interval = "1x"; }, "knows no interval `1x`");
}

TEST_F(Maintenance, ADamagedDatabaseIsAFindingAndNoCrash) {
  run(options("ACME"));
  for (const auto& entry : fs::directory_iterator(context_.ledger / "db")) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("MANIFEST")) continue;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(20);
    file.write("\xff\xff\xff\xff", 4);
  }
  const auto verified = verify(context_);
  ASSERT_TRUE(verified) << verified.error().message;
  EXPECT_FALSE(verified->ok);
  EXPECT_FALSE(verified->findings.empty());
}

TEST_F(Maintenance, ACheckThatWasEndedFromOutsideSaysNothingOfDamage) {
  for (const std::string end : {"kill -KILL $$", "kill -TERM $$", "kill -INT $$", "exit 3"}) {
    context_.layout.program = write_file("check", "#!/bin/sh\n" + end + "\n");
    fs::permissions(context_.layout.program, fs::perms::owner_all);
    const auto verified = verify(context_);
    ASSERT_FALSE(verified) << end;
    EXPECT_EQ(verified.error().code, ErrorCode::io) << end;
    EXPECT_NE(verified.error().message.find("run it again"), std::string::npos) << end;
  }
}

TEST_F(Maintenance, ACheckThatFellOverWhatItReadIsAFinding) {
  context_.layout.program = write_file("check", "#!/bin/sh\nkill -SEGV $$\n");
  fs::permissions(context_.layout.program, fs::perms::owner_all);
  const auto verified = verify(context_);
  ASSERT_TRUE(verified) << verified.error().message;
  EXPECT_FALSE(verified->ok);
}

TEST_F(Maintenance, ReindexFindsTheSamePairs) {
  run(options("ACME"));
  const auto rebuilt = reindex(context_);
  ASSERT_TRUE(rebuilt) << rebuilt.error().message;
  EXPECT_EQ(rebuilt->differing, 0U);
  EXPECT_GT(rebuilt->pairs, 0U);
}

TEST_F(Maintenance, WithoutALedgerIsRefused) {
  context_.ledger = folder() / "absent";
  EXPECT_EQ(verify(context_).error().code, ErrorCode::not_found);
  EXPECT_EQ(reindex(context_).error().code, ErrorCode::not_found);
}

TEST_F(Maintenance, InitRefusesALedgerThatIsThere) {
  EXPECT_EQ(init(context_, "").error().code, ErrorCode::conflict);
  context_.ledger = folder() / "second";
  EXPECT_EQ(init(context_, "desk 7").error().code, ErrorCode::invalid_input);
  EXPECT_TRUE(init(context_, "desk-7"));
  EXPECT_TRUE(ledger::is_ledger(context_.ledger));
}

TEST_F(Maintenance, DoctorFindsASoundInstallationFine) {
  for (const DoctorFinding& finding : doctor(context_))
    EXPECT_NE(finding.level, DoctorFinding::Level::broken) << finding.what << finding.text;
  context_.layout.worker = "/no/such/worker";
  const auto findings = doctor(context_);
  EXPECT_EQ(findings.at(1).level, DoctorFinding::Level::broken);
}

TEST_F(Maintenance, DoctorFindsACacheBrokenThatNoRunWouldUse) {
  const auto cache = [this] {
    for (const DoctorFinding& finding : doctor(context_))
      if (finding.what == "cache") return finding;
    return DoctorFinding{};
  };
  EXPECT_EQ(cache().level, DoctorFinding::Level::fine);
  for (const fs::path& folder : {context_.cache, context_.cache / "plugins"}) {
    fs::permissions(folder, fs::perms::group_write, fs::perm_options::add);
    EXPECT_EQ(cache().level, DoctorFinding::Level::broken);
    EXPECT_NE(cache().text.find("chmod go-w"), std::string::npos) << cache().text;
    EXPECT_EQ(backtest(context_, options("ACME")).error().message, cache().text);
    fs::permissions(folder, fs::perms::group_write, fs::perm_options::remove);
  }
}

TEST_F(Maintenance, DoctorSaysWhatKindOfTroubleTheLedgerIsIn) {
  const auto trouble = [this] {
    std::optional<ErrorCode> code;
    for (const DoctorFinding& finding : doctor(context_))
      if (finding.error) code = finding.error;
    return code;
  };
  EXPECT_FALSE(trouble());
  const fs::path database = context_.ledger / "db";
  fs::copy(database, folder() / "kept", fs::copy_options::recursive);
  run(options("ACME"));
  fs::remove_all(database);
  fs::copy(folder() / "kept", database, fs::copy_options::recursive);
  EXPECT_EQ(trouble(), ErrorCode::rolled_back);
  const auto verified = verify(context_);
  ASSERT_TRUE(verified) << verified.error().message;
  EXPECT_FALSE(verified->ok);
  EXPECT_EQ(verified->head.size, LogSize(2));
  EXPECT_EQ(verified->acknowledged->size, LogSize(5));
  EXPECT_EQ(verified->missing, (ledger::SeqRange{Seq(2), Seq(4)}));
  fs::remove(context_.ledger / "HEAD");
  EXPECT_EQ(trouble(), ErrorCode::damaged);
}

TEST_F(Maintenance, AHeadThatIsGoneIsProposedAndRepairedFromTheDatabase) {
  run(options("ACME"));
  const ledger::LogHead before = verify(context_)->head;
  const fs::path head = context_.ledger / "HEAD";
  const auto size = fs::file_size(head);
  std::ofstream(head, std::ios::binary) << std::string(size, '\0');
  EXPECT_FALSE(read_run(context_, Seq(4)));
  const auto proposal = propose_head(context_);
  ASSERT_TRUE(proposal) << proposal.error().message;
  EXPECT_EQ(proposal->proposed.size, before.size);
  EXPECT_EQ(proposal->proposed.root, before.root);
  const Status repaired = repair_head(context_, *proposal);
  ASSERT_TRUE(repaired) << repaired.error().message;
  const RunDetail next = run(options("ACME"));
  EXPECT_EQ(next.id.value, before.size.value);
  const auto verified = verify(context_);
  ASSERT_TRUE(verified) << verified.error().message;
  EXPECT_TRUE(verified->ok);
}

TEST_F(Maintenance, AProposalForALedgerThatWentOnIsRefused) {
  const auto proposal = propose_head(context_);
  ASSERT_TRUE(proposal) << proposal.error().message;
  run(options("ACME"));
  EXPECT_FALSE(repair_head(context_, *proposal));
  EXPECT_TRUE(verify(context_)->ok);
}

}  // namespace
}  // namespace runledger::app
