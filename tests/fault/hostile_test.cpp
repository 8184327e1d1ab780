// A full disk, limits, permissions, stopped and competing processes.
#include <memory>
#include <system_error>
#include <thread>

#include <sys/syscall.h>
#include <unistd.h>

#include "database.hpp"
#include "fault_fixture.hpp"
#include "head.hpp"

namespace runledger::test {
namespace {

namespace fs = std::filesystem;

class Hostile : public FaultTest {
 protected:
  std::unique_ptr<SpawnedProcess> start(std::vector<std::string> arguments,
                                        const std::vector<std::string>& environment = {}) {
    return std::make_unique<SpawnedProcess>(command(std::move(arguments)), environment);
  }
  void finish(SpawnedProcess& process) {
    process.close_input();
    hear(process.lines(Clock::now() + std::chrono::seconds(60)));
    EXPECT_EQ(process.wait(), 0);
  }
  // Everything readable to all and writable to nobody.
  void protect() {
    for (const auto& entry : fs::recursive_directory_iterator(path_))
      fs::permissions(entry.path(), entry.is_directory() ? fs::perms(0555) : fs::perms(0444));
    fs::permissions(path_, fs::perms(0555));
    fs::permissions(directory_.path(), fs::perms(0755));
  }
  void unprotect() {
    fs::permissions(path_, fs::perms(0700));
    for (const auto& entry : fs::recursive_directory_iterator(path_))
      fs::permissions(entry.path(), entry.is_directory() ? fs::perms(0700) : fs::perms(0600));
  }
  void remove_lock_files() {
    fs::remove(layout_.lock());
    fs::remove(layout_.turnstile());
  }
  // As somebody does who takes a living ledger for a dead one.
  void take_away_lock() {
    remove_lock_files();
    fs::remove(layout_.socket());
  }
  // root may write everything, so the driver becomes another user.
  static constexpr const char* kNobody = "RUNLEDGER_FAULT_UID=65534";
  // Whether that user sees the ledger: not in a container that has no other one than root, nor in a
  // folder of root alone.
  [[nodiscard]] bool is_seen_by_nobody() const {
    if (::geteuid() != 0) return true;
    bool seen = false;
    std::thread([&] {
      constexpr uid_t kUser = 65534;
      constexpr auto kSame = static_cast<uid_t>(-1);
      std::error_code ignored;
      // The system call, because the C library's function changes all threads.
      seen = ::syscall(SYS_setresuid, kSame, kUser, kSame) == 0 &&
             fs::exists(layout_.format(), ignored);
    }).join();
    return seen;
  }
  static constexpr const char* kNotSeen = "there is no other user here who sees the ledger";
};

TEST_F(Hostile, EightShellsBesideACommitterThatIsKilledAndStoppedAllSucceed) {
  auto committer = start({"serve"});
  ASSERT_TRUE(committer->await("ready"));
  std::vector<std::unique_ptr<SpawnedProcess>> shells;
  for (int i = 0; i < 8; ++i) {
    shells.push_back(start({"append", "s" + std::to_string(i), "1"}));
    ASSERT_TRUE(shells.back()->await("ready"));
  }
  const auto let_work = [&](Milliseconds time) {
    const auto end = Clock::now() + time;
    while (Clock::now() < end)
      for (auto& shell : shells) hear(shell->lines(Clock::now() + Milliseconds(10)));
  };
  let_work(Milliseconds(200));
  committer->stop();
  let_work(Milliseconds(200));
  committer->kill(SIGCONT);
  let_work(Milliseconds(200));
  auto reader = start({"read", "3"});
  committer->kill(SIGKILL);
  let_work(Milliseconds(200));
  committer = start({"serve"});
  let_work(Milliseconds(200));
  for (auto& shell : shells) finish(*shell);
  const auto read = reader->lines(Clock::now() + std::chrono::seconds(60));
  EXPECT_EQ(reader->wait(), 0) << (read.empty() ? "" : read.back());
  EXPECT_EQ(read.size(), 3u);
  committer->kill(SIGKILL);
  // `await` dropped the `try` lines before `ready`.
  for (int i = 0; i < 8; ++i) tried_.try_emplace("s" + std::to_string(i) + "-0-0");
  expect_promises(8);
}

TEST_F(Hostile, TenReadersSeeWholeViewsWhileTheLogGrows) {
  auto committer = start({"commit", "w", "2"});
  std::vector<std::unique_ptr<SpawnedProcess>> readers;
  for (int i = 0; i < 10; ++i) readers.push_back(start({"read", "5"}));
  for (auto& reader : readers) {
    const auto lines = reader->lines(Clock::now() + std::chrono::seconds(60));
    EXPECT_EQ(reader->wait(), 0) << (lines.empty() ? "" : lines.back());
    hear(committer->lines(Clock::now() + Milliseconds(1)));
  }
  finish(*committer);
  expect_promises(0);
}

TEST_F(Hostile, AStoppedCommitterMakesOthersWaitAndSayWhoItIs) {
  auto committer = start({"serve"});
  ASSERT_TRUE(committer->await("ready"));
  committer->stop();
  const auto refused =
      ledger::append(path_, {event_for("x")}, {.lock_timeout = Milliseconds(200), .on_wait = {}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::locked);
  EXPECT_NE(refused.error().message.find("process "), std::string::npos);
  committer->kill(SIGCONT);
  EXPECT_TRUE(ledger::append(path_, {event_for("x")}, {}));
  tried_.try_emplace("x");
  finish(*committer);
  expect_promises(1);
}

TEST_F(Hostile, AFileSizeLimitRefusesAppendsAndLosesNothing) {
  // Preallocation and the log itself fail with EFBIG at a few hundred kilobytes.
  auto committer = start({"commit", "f", "2"}, {"RUNLEDGER_FAULT_FILE_SIZE=300000"});
  std::vector<std::string> heard;
  const auto deadline = Clock::now() + std::chrono::seconds(30);
  for (int refused = 0; refused < 2;) {
    const auto line = committer->line(deadline);
    ASSERT_TRUE(line) << "both threads are refused in the end";
    if (line->starts_with("refused"))
      ++refused;
    else
      heard.push_back(*line);
  }
  hear(heard);
  committer->kill(SIGKILL);
  committer->wait();
  EXPECT_GT(acknowledged_, 0u);
  expect_promises(2);
}

TEST_F(Hostile, ReadOnlyMediaCanBeReadAndNotWritten) {
  ASSERT_TRUE(ledger::append(path_, {event_for("a"), event_for("b")}, {}));
  protect();
  if (!is_seen_by_nobody()) GTEST_SKIP() << kNotSeen;
  const auto read = run_program(command({"read", "1"}), {kNobody});
  EXPECT_EQ(read.status, 0) << (read.lines.empty() ? "" : read.lines.back());
  EXPECT_EQ(read.lines, std::vector<std::string>{"read 3"});
  const auto once = run_program(command({"once", "c"}), {kNobody});
  ASSERT_FALSE(once.lines.empty());
  EXPECT_TRUE(once.lines.back().starts_with("refused write_failed")) << once.lines.back();
  EXPECT_NE(once.lines.back().find("permission denied"), std::string::npos);
  unprotect();
  EXPECT_EQ(ledger::Reader::open(path_, {})->head().size, LogSize(3));
}

TEST_F(Hostile, ReadOnlyMediaHideWhatIsBeyondHead) {
  ASSERT_TRUE(ledger::append(path_, {event_for("a")}, {}));
  const auto head = *ledger::read_file(layout_.head(), 1u << 20);
  ASSERT_TRUE(ledger::append(path_, {event_for("b")}, {}));
  fs::remove(layout_.head());
  ASSERT_TRUE(ledger::write_new_file(layout_.head(), head));
  protect();
  if (!is_seen_by_nobody()) GTEST_SKIP() << kNotSeen;
  const auto read = run_program(command({"read", "1"}), {kNobody});
  EXPECT_EQ(read.lines, std::vector<std::string>{"read 2"});
  unprotect();
  EXPECT_EQ(ledger::Reader::open(path_, {})->head().size, LogSize(3));
}

TEST_F(Hostile, ACopyWithoutLockFilesIsUsedByManyAtOnce) {
  remove_lock_files();
  std::vector<std::unique_ptr<SpawnedProcess>> shells;
  for (int i = 0; i < 6; ++i) {
    const std::string id = "copy" + std::to_string(i);
    tried_.try_emplace(id);
    shells.push_back(start({"once", id}));
  }
  auto reader = start({"read", "3"});
  for (auto& shell : shells) finish(*shell);
  finish(*reader);
  expect_promises(0);
}

TEST_F(Hostile, ALockFileThatIsTakenAwayUnderAWriterLetsNoSecondOneIn) {
  auto committer = start({"commit", "w", "2"});
  const auto hear_some = [&] { hear(committer->lines(Clock::now() + Milliseconds(100))); };
  hear_until_ready(*committer);
  hear_some();
  take_away_lock();
  const auto second = run_program(command({"once", "x"}));
  ASSERT_FALSE(second.lines.empty());
  EXPECT_TRUE(second.lines.back().starts_with("refused ")) << second.lines.back();
  hear_some();
  finish(*committer);
  expect_promises(0);
}

TEST_F(Hostile, ALockFileThatWasTakenAwayIsNamedAsTheReason) {
  auto committer = start({"serve"});
  ASSERT_TRUE(committer->await("ready"));
  take_away_lock();
  const auto second = run_program(command({"once", "x"}));
  ASSERT_FALSE(second.lines.empty());
  EXPECT_TRUE(second.lines.back().starts_with("refused locked x The database "))
      << second.lines.back();
  EXPECT_NE(second.lines.back().find("ledger.lock was removed"), std::string::npos);
  finish(*committer);
  expect_promises(0);
}

TEST_F(Hostile, ReadOnlyMediaCanBeReadWithoutLockFiles) {
  ASSERT_TRUE(ledger::append(path_, {event_for("a")}, {}));
  remove_lock_files();
  protect();
  if (!is_seen_by_nobody()) GTEST_SKIP() << kNotSeen;
  const auto read = run_program(command({"read", "1"}), {kNobody});
  EXPECT_EQ(read.lines, std::vector<std::string>{"read 2"});
  const auto once = run_program(command({"once", "c"}), {kNobody});
  ASSERT_FALSE(once.lines.empty());
  EXPECT_TRUE(once.lines.back().starts_with("refused write_failed")) << once.lines.back();
  EXPECT_FALSE(fs::exists(layout_.lock()));
  unprotect();
}

TEST_F(Hostile, ALedgerUnderALongUnicodePathWorks) {
  path_ = directory_.path();
  for (int i = 0; i < 10; ++i) path_ /= std::string(200, 'p') + "-Börse-株";
  layout_ = {path_};
  make_ledger();
  auto committer = start({"serve"});
  ASSERT_TRUE(committer->await("ready"));
  EXPECT_EQ(run_program(command({"once", "x"})).status, 0);
  finish(*committer);
  tried_.try_emplace("x");
  expect_promises(1);
}

TEST_F(Hostile, AReindexThatIsKilledIsFinishedByTheNextOpening) {
  for (int i = 0; i < 20; ++i)
    ASSERT_TRUE(ledger::append(path_, {event_for(std::to_string(i))}, {}));
  {
    const auto database =
        *ledger::Database::open(layout_.database(), ledger::Database::Mode::read_write);
    ASSERT_TRUE(database->write({{ledger::Family::index, "extra", "pair"}}));
  }
  const auto killed =
      run_program(command({"reindex"}, RL_FAULT_DRIVER_POINTS), {"RUNLEDGER_FAULT_POINT=reindex"});
  EXPECT_EQ(killed.status, -SIGKILL);
  EXPECT_EQ(*ledger::Reader::open(path_, {})->count({}), 20u);
  EXPECT_EQ(ledger::reindex(path_, {}, nullptr)->differing, 0u);
}

}  // namespace
}  // namespace runledger::test
