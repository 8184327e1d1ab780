#include <runledger/ledger/doctor.hpp>

#include "projection.hpp"
#include "verify_fixture.hpp"

namespace runledger::ledger {
namespace {

namespace fs = std::filesystem;

class Standing : public Verifying {
 protected:
  // The database as it was before three more runs.
  void roll_back() {
    keep(layout_.database(), "db");
    for (const char* id : {"x", "y", "z"}) add_run(id);
    put_back(layout_.database(), "db");
  }
  // A group in the log that HEAD does not know.
  void leave_unacknowledged() {
    keep(layout_.head(), "HEAD");
    ASSERT_TRUE(add({run_event("u"), run_event("v")}));
    put_back(layout_.head(), "HEAD");
  }
  ErrorCode opening_refused() {
    const auto opening = try_opening(path_, {});
    return opening ? ErrorCode::internal : opening.error().code;
  }
  void expect_opening_note(const std::string& words) {
    const auto opening = try_opening(path_, {});
    ASSERT_TRUE(opening) << opening.error().message;
    ASSERT_FALSE(opening->notes.empty());
    std::string all;
    for (const std::string& note : opening->notes) all += note + "\n";
    EXPECT_NE(all.find(words), std::string::npos) << all;
  }
  static constexpr std::size_t kNewestSlot = 4096;  // of generation 11
};

TEST_F(Standing, OfARolledBackDatabaseSaysWhatIsMissingAndThatTheRestIsWhole) {
  const LogHead before = open_reader().head();
  roll_back();
  const Verification verification = look();
  EXPECT_FALSE(verification.ok);
  EXPECT_EQ(verification.head.size, LogSize(11));
  EXPECT_EQ(verification.head.root, before.root);
  EXPECT_EQ(verification.acknowledged->size, LogSize(14));
  EXPECT_EQ(verification.missing, (SeqRange{Seq(11), Seq(13)}));
  EXPECT_EQ(verification.events_checked, 11u);
  ASSERT_EQ(verification.findings.size(), 1u);
  const std::string& message = verification.findings.front().message;
  for (const char* words :
       {"HEAD acknowledged 14 events", "events 11 to 13 are missing",
        "11 events are there (0 to 10), all of them whole", "Restore a backup", "--repair-head"})
    EXPECT_NE(message.find(words), std::string::npos) << words << " in " << message;
  EXPECT_EQ(verification.findings.front().first_seq, Seq(11));
  EXPECT_EQ(opening_refused(), ErrorCode::rolled_back);
}

TEST_F(Standing, OfARolledBackDatabaseWithDamageDoesNotCallTheRestWhole) {
  roll_back();
  change({{Family::events, event_key(Seq(3)), std::nullopt}});
  const Verification verification = look();
  EXPECT_TRUE(is_among(verification.findings, "db", "not all of them whole"));
  EXPECT_TRUE(is_among(verification.findings, "event 3", "missing", Seq(3)));
  EXPECT_EQ(verification.findings.front().message.find("--repair-head"), std::string::npos);
}

TEST_F(Standing, OfARolledBackDatabaseIsMendedKnowinglyByARepairOfHead) {
  roll_back();
  const auto proposal = propose_head(path_, {});
  ASSERT_TRUE(proposal) << proposal.error().message;
  EXPECT_EQ(proposal->present->size, LogSize(14));
  EXPECT_EQ(proposal->proposed.size, LogSize(11));
  ASSERT_TRUE(repair_head(path_, *proposal, {}));
  EXPECT_TRUE(look().ok);
  EXPECT_EQ(add_run("next"), Seq(11));
}

TEST_F(Standing, OfAnEmptyDatabaseSaysThatNothingIsThere) {
  fs::remove_all(layout_.database());
  (void)Database::open(layout_.database(), Database::Mode::create);
  const Verification verification = look();
  EXPECT_EQ(verification.missing, (SeqRange{Seq(0), Seq(10)}));
  EXPECT_TRUE(is_among(verification.findings, "db", "no event is there. Restore a backup"));
  EXPECT_EQ(opening_refused(), ErrorCode::rolled_back);
}

TEST_F(Standing, OfALostStateRowSaysWhatIsThere) {
  change({{Family::meta, std::string(kStateKey), std::nullopt}});
  const Verification verification = look();
  EXPECT_EQ(verification.head.size, LogSize(11));
  EXPECT_EQ(verification.events_checked, 11u);
  EXPECT_FALSE(verification.missing);
  EXPECT_TRUE(is_among(verification.findings, "db", "11 events are there (0 to 10)"));
}

TEST_F(Standing, OfALostStateRowAndAHoleNamesTheHole) {
  change({{Family::meta, std::string(kStateKey), std::nullopt},
          {Family::events, event_key(Seq(3)), std::nullopt}});
  const Verification verification = look();
  EXPECT_EQ(verification.head.size, LogSize(11));
  EXPECT_EQ(verification.events_checked, 10u);
  EXPECT_FALSE(verification.missing);
  EXPECT_TRUE(is_among(verification.findings, "event 3", "Event 3 is missing.", Seq(3)));
  EXPECT_TRUE(is_among(verification.findings, "db", "not all of them whole"));
  for (const Finding& finding : verification.findings)
    EXPECT_EQ(finding.message.find("after the end"), std::string::npos) << finding.message;
}

TEST_F(Standing, OfALostStateRowAndAnEventFarAwayIsToldWithoutCountingUpToIt) {
  for (const std::uint64_t far : {std::uint64_t{1} << 60, ~std::uint64_t{0}}) {
    change({{Family::meta, std::string(kStateKey), std::nullopt},
            {Family::events, event_key(Seq(far)), "none"}});
    const Verification verification = look();
    EXPECT_LE(verification.head.size, LogSize(13));
    EXPECT_TRUE(is_among(verification.findings, "event 11", "missing.", Seq(11)));
  }
}

TEST_F(Standing, OfAnOlderHeadSaysThatOneOfThemIsOlder) {
  keep(layout_.head(), "HEAD");
  for (const char* id : {"x", "y", "z"}) add_run(id);
  put_back(layout_.head(), "HEAD");
  const Verification verification = look();
  EXPECT_EQ(verification.acknowledged->size, LogSize(11));
  EXPECT_EQ(verification.head.size, LogSize(14));
  ASSERT_EQ(verification.findings.size(), 1u);
  EXPECT_TRUE(
      is_among(verification.findings, "HEAD", "14 events are there (0 to 13), all of them whole"));
  EXPECT_EQ(opening_refused(), ErrorCode::rolled_back);
}

TEST_F(Standing, OfALostHeadSaysWhatTheDatabaseHolds) {
  fs::remove(layout_.head());
  const Verification verification = look();
  EXPECT_FALSE(verification.acknowledged);
  EXPECT_EQ(verification.events_checked, 11u);
  ASSERT_EQ(verification.findings.size(), 1u);
  EXPECT_EQ(verification.findings.front().where, "HEAD");
  EXPECT_TRUE(is_among(verification.notes, "db", "11 events are there (0 to 10), all of them"));
}

TEST_F(Standing, OfATornNewestSlotIsHarmlessAndStaysAsItIs) {
  flip(layout_.head(), kNewestSlot + 20);
  const auto before = contents();
  for (int i = 0; i < 2; ++i) {
    expect_note("HEAD", "One of HEAD's two slots is torn");
    expect_note("HEAD", "event 10 beyond what HEAD acknowledges");
    expect_opening_note("One of HEAD's two slots is torn");
  }
  EXPECT_EQ(contents(), before);
  add_run("next");
  const Verification verification = look();
  EXPECT_TRUE(verification.ok);
  EXPECT_TRUE(verification.notes.empty());
}

TEST_F(Standing, OfAChangedOlderSlotIsAFinding) {
  flip(layout_.head(), 20);
  expect_finding("HEAD", "one of its two slots was changed");
  EXPECT_EQ(opening_refused(), ErrorCode::damaged);
}

TEST_F(Standing, OfBytesBesideTheSlotsIsAFinding) {
  flip(layout_.head(), 2000);
  expect_finding("HEAD", "bytes beside its two slots were changed");
  EXPECT_EQ(opening_refused(), ErrorCode::damaged);
}

TEST_F(Standing, OfAGroupThatWasNotAcknowledgedIsToldAndLeftUnfinished) {
  leave_unacknowledged();
  const auto before = contents();
  expect_note("HEAD", "events 11 to 12 beyond what HEAD acknowledges");
  expect_opening_note("events 11 to 12 beyond");
  const Verification verification = look();
  EXPECT_EQ(verification.events_checked, 13u);
  EXPECT_EQ(verification.head.size, LogSize(13));
  EXPECT_EQ(verification.acknowledged->size, LogSize(11));
  EXPECT_EQ(contents(), before);
}

TEST_F(Standing, OfAGroupThatWasNotAcknowledgedAndIsDamagedIsAFinding) {
  leave_unacknowledged();
  change({{Family::events, event_key(Seq(11)), "other"}});
  expect_finding("event 11", "", Seq(11));
}

TEST_F(Standing, OfHalfRebuiltIndexesIsToldAndLeftUnfinished) {
  LogState marked = state();
  marked.projections = 0;
  change({{Family::meta, std::string(kStateKey), encode_state(marked)},
          {Family::index, "wrong", "pair"}});
  const auto before = contents();
  expect_note("db", "half rebuilt");
  EXPECT_EQ(contents(), before);
  add_run("next");
  EXPECT_TRUE(look().notes.empty());
}

TEST_F(Standing, OfAWholeLedgerIsLookedAtWithoutWriting) {
  const auto before = contents();
  EXPECT_TRUE(look().ok);
  EXPECT_TRUE(look().notes.empty());
  const auto opening = try_opening(path_, {});
  ASSERT_TRUE(opening) << opening.error().message;
  EXPECT_TRUE(opening->notes.empty());
  EXPECT_EQ(opening->head.root, open_reader().head().root);
  EXPECT_EQ(contents(), before);
}

TEST_F(Standing, OfACopyWithoutLockFilesIsLookedAtWithoutMakingThem) {
  std::filesystem::remove(layout_.lock());
  std::filesystem::remove(layout_.turnstile());
  const auto before = contents();
  EXPECT_TRUE(look().ok);
  EXPECT_TRUE(examine(path_));
  EXPECT_TRUE(try_opening(path_, {}));
  EXPECT_EQ(contents(), before);
}

}  // namespace
}  // namespace runledger::ledger
