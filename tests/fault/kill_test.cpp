#include <memory>

#include <runledger/ledger/blobs.hpp>

#include "fault_fixture.hpp"

namespace runledger::test {
namespace {

constexpr std::uint64_t kRounds = 120;
constexpr int kThreads = 4;

class Killed : public FaultTest {
 protected:
  void SetUp() override {
    FaultTest::SetUp();
    const auto given = number_from_environment("RUNLEDGER_FAULT_SEED");
    seed_ = given.value_or(std::random_device()());
    random_.seed(seed_);
    RecordProperty("seed", std::to_string(seed_));
  }
  Milliseconds random_wait() {
    return Milliseconds(std::uniform_int_distribution<int>(5, 250)(random_));
  }
  // Kills after a random time, from the start or from when everything runs.
  void kill_at_random(SpawnedProcess& process, bool when_ready) {
    if (when_ready) hear_until_ready(process);
    hear(process.lines(Clock::now() + random_wait()));
    process.kill(SIGKILL);
    process.wait();
    hear(process.lines(Clock::now() + std::chrono::seconds(5)));
  }
  static std::uint64_t rounds() {
    return number_from_environment("RUNLEDGER_FAULT_ROUNDS").value_or(kRounds);
  }

  std::uint64_t seed_ = 0;
  std::mt19937_64 random_;
};

TEST_F(Killed, ACommitterAtAnyMomentLosesNothingThatWasAcknowledged) {
  const std::uint64_t count = rounds() / 2;
  for (std::uint64_t round = 0; round < count && !HasFailure(); ++round) {
    SCOPED_TRACE("RUNLEDGER_FAULT_SEED=" + std::to_string(seed_) + ", round " +
                 std::to_string(round));
    SpawnedProcess committer(
        command({"commit", "c" + std::to_string(round), std::to_string(kThreads)}));
    kill_at_random(committer, round % 2 == 0);
    expect_promises(kThreads);
  }
  std::printf("%llu kills, %llu events acknowledged, none lost\n",
              static_cast<unsigned long long>(count),
              static_cast<unsigned long long>(acknowledged_));
}

// The appenders of another process hand over to the committer, and go on without it.
TEST_F(Killed, ACommitterUnderItsAppendersLosesNothingAndRecordsNothingTwice) {
  const std::uint64_t count = rounds() / 4;
  for (std::uint64_t round = 0; round < count && !HasFailure(); ++round) {
    SCOPED_TRACE("RUNLEDGER_FAULT_SEED=" + std::to_string(seed_) + ", round " +
                 std::to_string(round));
    SpawnedProcess committer(command({"serve"}));
    SpawnedProcess appenders(
        command({"append", "a" + std::to_string(round), std::to_string(kThreads)}));
    hear_until_ready(appenders);
    kill_at_random(committer, true);
    SpawnedProcess next(command({"serve"}));
    kill_at_random(next, false);
    if (round % 2 == 0) {
      kill_at_random(appenders, false);
      expect_promises(kThreads);
    } else {
      appenders.close_input();
      hear(appenders.lines(Clock::now() + std::chrono::seconds(30)));
      EXPECT_EQ(appenders.wait(), 0);
      expect_promises(0);
    }
  }
  std::printf("%llu kills, %llu events acknowledged, none lost or twice\n",
              static_cast<unsigned long long>(count * 2 + count / 2),
              static_cast<unsigned long long>(acknowledged_));
}

TEST_F(Killed, OneShotAppendersOfManyProcesses) {
  const std::uint64_t count = rounds() / 12;
  for (std::uint64_t round = 0; round < count && !HasFailure(); ++round) {
    SCOPED_TRACE("RUNLEDGER_FAULT_SEED=" + std::to_string(seed_) + ", round " +
                 std::to_string(round));
    std::vector<std::unique_ptr<SpawnedProcess>> shells;
    for (int i = 0; i < kThreads; ++i)
      shells.push_back(std::make_unique<SpawnedProcess>(command(
          {"append", "p" + std::to_string(round) + "-" + std::to_string(i), std::to_string(1)})));
    for (auto& shell : shells) kill_at_random(*shell, true);
    expect_promises(kThreads);
  }
}

struct Point {
  const char* name;
  const char* command;
};

class KilledAt : public FaultTest, public ::testing::WithParamInterface<Point> {};

TEST_P(KilledAt, APointLosesNothingThatWasAcknowledged) {
  for (int skip = 0; skip < 6; skip += 5) {
    const std::string id = std::string("k") + std::to_string(skip);
    SpawnedProcess process(
        command({GetParam().command, id, std::to_string(kThreads)}, RL_FAULT_DRIVER_POINTS),
        {std::string("RUNLEDGER_FAULT_POINT=") + GetParam().name,
         "RUNLEDGER_FAULT_SKIP=" + std::to_string(skip)});
    hear(process.lines(Clock::now() + std::chrono::seconds(20)));
    process.kill(SIGTERM);
    EXPECT_EQ(process.wait(), -SIGKILL) << "the point was not reached";
    expect_promises(kThreads);
  }
}

INSTANTIATE_TEST_SUITE_P(EachPoint, KilledAt,
                         ::testing::Values(Point{"before the log", "commit"},
                                           Point{"after the log", "commit"},
                                           Point{"after HEAD", "commit"}),
                         [](const auto& point) {
                           std::string name = point.param.name;
                           std::ranges::replace(name, ' ', '_');
                           return name;
                         });

// Completing a group that was not acknowledged writes it again into tables.
TEST_F(Killed, DuringTheFlushOfAnOpeningLosesNothing) {
  for (const char* point : {"after the log", "during flush", "during flush"}) {
    SpawnedProcess process(
        command({"commit", "f", std::to_string(kThreads)}, RL_FAULT_DRIVER_POINTS),
        {std::string("RUNLEDGER_FAULT_POINT=") + point});
    hear(process.lines(Clock::now() + std::chrono::seconds(20)));
    process.kill(SIGTERM);
    EXPECT_EQ(process.wait(), -SIGKILL) << "the point was not reached";
  }
  expect_promises(kThreads);
}

TEST_F(Killed, WhileMakingALedgerLeavesNone) {
  path_ = directory_.path() / "another";
  EXPECT_EQ(
      run_program(command({"create"}, RL_FAULT_DRIVER_POINTS), {"RUNLEDGER_FAULT_POINT=create"})
          .status,
      -SIGKILL);
  EXPECT_FALSE(std::filesystem::exists(path_));
  make_ledger();
  expect_promises(0);
}

// A blob is durable before the event that names it.
class KilledBesideABlob : public FaultTest, public ::testing::WithParamInterface<const char*> {
 protected:
  static constexpr const char* kId = "plugin";
  const Digest name_ = sha256(std::string_view(kId));
  // Neither damage nor anything left over that a person would be shown. Whether the event is there.
  bool expect_whole() {
    const auto reader = ledger::Reader::open(path_, {});
    EXPECT_TRUE(reader) << reader.error().message;
    const bool named = reader && reader->plugin_event(name_)->has_value();
    const ledger::BlobStore blobs(path_);
    EXPECT_TRUE(!named || blobs.get(name_)) << "an event names a blob that is not there";
    const auto listed = blobs.list();
    EXPECT_TRUE(listed && listed->unknown.empty());
    for (const Digest& blob : listed->blobs) EXPECT_TRUE(blobs.get(blob)) << blob.hex();
    const auto verification = ledger::verify(path_, nullptr);
    EXPECT_TRUE(verification && verification->ok);
    EXPECT_EQ(verification->blobs_checked, named ? 1U : 0U);
    return named;
  }
};

TEST_P(KilledBesideABlob, LeavesNoEventWithoutItsBlobAndNothingThatIsShown) {
  const auto killed = run_program(command({"register", kId}, RL_FAULT_DRIVER_POINTS),
                                  {std::string("RUNLEDGER_FAULT_POINT=") + GetParam()});
  EXPECT_EQ(killed.status, -SIGKILL) << "the point was not reached";
  expect_whole();
  const auto again = run_program(command({"register", kId}));
  EXPECT_EQ(again.status, 0) << (again.lines.empty() ? "" : again.lines.back());
  EXPECT_TRUE(expect_whole());
  EXPECT_TRUE(std::filesystem::is_empty(layout_.blobs() / "tmp"));
}

INSTANTIATE_TEST_SUITE_P(EachPoint, KilledBesideABlob,
                         ::testing::Values("blob drafted", "blob named", "before the event",
                                           "before the log", "after the log", "after HEAD"),
                         [](const auto& point) {
                           std::string name = point.param;
                           std::ranges::replace(name, ' ', '_');
                           return name;
                         });

TEST_F(Killed, WhilePuttingBlobsLeavesOnlyWholeOnes) {
  const ledger::BlobStore blobs(path_);
  for (int round = 0; round < 4; ++round) {
    SpawnedProcess process(command({"blobs", std::to_string(round)}));
    ASSERT_TRUE(process.await("ready"));
    std::vector<std::string> names = process.lines(Clock::now() + random_wait());
    process.kill(SIGKILL);
    process.wait();
    for (auto& more : process.lines(Clock::now() + std::chrono::seconds(5))) names.push_back(more);
    for (const std::string& name : names) {
      const auto digest = Digest::from_hex(std::string_view(name).substr(4));
      ASSERT_TRUE(digest) << name;
      EXPECT_TRUE(blobs.get(*digest)) << name;
    }
    const auto listed = blobs.list();
    ASSERT_TRUE(listed) << listed.error().message;
    for (const Digest& name : listed->blobs) EXPECT_TRUE(blobs.get(name)) << name.hex();
  }
  expect_promises(0);
}

}  // namespace
}  // namespace runledger::test
