#include "lock.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <barrier>
#include <fstream>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

#include "spawned_process.hpp"
#include "temporary_directory.hpp"

namespace runledger::ledger {
namespace {

using test::SpawnedProcess;
using Kind = LedgerLock::Kind;

// Permissions do not bind root, so the thread becomes somebody whom they bind.
class AnotherUser {
 public:
  AnotherUser() : before_(static_cast<uid_t>(::setfsuid(kNobody))) {}
  ~AnotherUser() { ::setfsuid(before_); }
  AnotherUser(const AnotherUser&) = delete;
  AnotherUser& operator=(const AnotherUser&) = delete;

 private:
  static constexpr uid_t kNobody = 65534;
  uid_t before_;
};

// A directory in which all may look and nobody may write.
class ReadOnly {
 public:
  explicit ReadOnly(std::filesystem::path directory) : directory_(std::move(directory)) {
    ::chmod(directory_.c_str(), 0555);
  }
  ~ReadOnly() { ::chmod(directory_.c_str(), 0700); }
  ReadOnly(const ReadOnly&) = delete;
  ReadOnly& operator=(const ReadOnly&) = delete;

 private:
  std::filesystem::path directory_;
};

class Lock : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(LedgerLock::create(layout_)); }
  LedgerLock::Waiter waiter(Kind kind) { return *LedgerLock::Waiter::open(layout_, kind); }
  std::optional<LedgerLock> take(Kind kind) { return *waiter(kind).attempt(); }
  void remove_files() {
    std::filesystem::remove(layout_.lock());
    std::filesystem::remove(layout_.turnstile());
  }
  // Not so for root in a container that has no other user, nor in a folder of root alone.
  [[nodiscard]] bool is_read_only() const {
    return open_fd(directory_.path(), O_RDONLY | O_DIRECTORY) &&
           !open_fd(directory_.path() / "probe", O_WRONLY | O_CREAT);
  }

  test::TemporaryDirectory directory_;
  Layout layout_{directory_.path()};
};

TEST_F(Lock, IsHeldByOneWriterOnly) {
  auto first = take(Kind::exclusive);
  ASSERT_TRUE(first);
  EXPECT_FALSE(take(Kind::exclusive));
  EXPECT_FALSE(take(Kind::shared));
  first.reset();
  EXPECT_TRUE(take(Kind::exclusive));
}

TEST_F(Lock, IsSharedByReadersAndThenClosedToWriters) {
  const auto first = take(Kind::shared);
  const auto second = take(Kind::shared);
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(take(Kind::exclusive));
}

TEST_F(Lock, LetsNoNewReaderInWhileAWriterWaits) {
  auto reader = take(Kind::shared);
  auto writer = waiter(Kind::exclusive);
  EXPECT_FALSE(*writer.attempt());
  EXPECT_FALSE(take(Kind::shared));
  reader.reset();
  EXPECT_TRUE(*writer.attempt());
}

TEST_F(Lock, LetsNoNewWriterInWhileAReaderWaits) {
  auto first = take(Kind::exclusive);
  auto reader = waiter(Kind::shared);
  EXPECT_FALSE(*reader.attempt());
  first.reset();
  EXPECT_FALSE(take(Kind::exclusive));
  EXPECT_TRUE(*reader.attempt());
}

TEST_F(Lock, NamesItsHolder) {
  const auto writer = take(Kind::exclusive);
  EXPECT_EQ(lock_holder(layout_), "process " + std::to_string(::getpid()));
  EXPECT_EQ(locked_error(layout_, std::chrono::milliseconds(5)).code, ErrorCode::locked);
}

TEST_F(Lock, SpeaksOfAnotherProcessWhenTheHolderIsUnknown) {
  EXPECT_EQ(lock_holder(layout_), "another process");
  std::filesystem::remove(layout_.lock());
  ASSERT_TRUE(write_new_file(layout_.lock(), bytes_of("99999999999999999999\n")));
  EXPECT_EQ(lock_holder(layout_), "another process");
}

// Ctrl-Z in the middle of a command: who waits is told what to do.
TEST_F(Lock, SaysThatItsHolderIsStoppedAndHowItGoesOn) {
  SpawnedProcess holder({"/bin/cat"});
  std::ofstream(layout_.lock()) << holder.id() << "\n";
  const std::string process = "process " + std::to_string(holder.id());
  const std::string advice =
      "It is stopped; resume it with `kill -CONT " + std::to_string(holder.id()) + "`.";
  const std::string ledger = "ledger " + directory_.path().string();
  EXPECT_EQ(waiting_sentence(layout_),
            "Waiting for the " + ledger + ", which " + process + " holds.");
  holder.stop();
  EXPECT_EQ(waiting_sentence(layout_),
            "Waiting for the " + ledger + ", which " + process + " holds. " + advice);
  EXPECT_EQ(locked_error(layout_, std::chrono::milliseconds(250)).message,
            "The " + ledger + " stayed locked by " + process + " for 0.25 s. " + advice);
  holder.kill(SIGCONT);
}

TEST_F(Lock, SaysHowLongItWaitedInSeconds) {
  const auto sentence = [this](int timeout_ms) {
    return locked_error(layout_, std::chrono::milliseconds(timeout_ms)).message;
  };
  EXPECT_EQ(sentence(60'000), "The ledger " + directory_.path().string() +
                                  " stayed locked by another process for 60 s. Try again when it "
                                  "is done, or wait longer with --lock-timeout.");
  EXPECT_NE(sentence(250).find(" for 0.25 s."), std::string::npos);
}

TEST_F(Lock, MakesTheFilesThatACopyOfTheLedgerLacks) {
  remove_files();
  const auto lock = take(Kind::exclusive);
  ASSERT_TRUE(lock);
  EXPECT_FALSE(take(Kind::exclusive));
  EXPECT_FALSE(take(Kind::shared));
  for (const auto& file : {layout_.lock(), layout_.turnstile()})
    EXPECT_EQ(std::filesystem::status(file).permissions(), std::filesystem::perms(0600)) << file;
}

TEST_F(Lock, OfAReaderMakesNoFiles) {
  remove_files();
  const auto lock = take(Kind::shared);
  ASSERT_TRUE(lock);
  EXPECT_TRUE(lock->kept_writers_out());
  EXPECT_TRUE(std::filesystem::is_empty(directory_.path()));
}

// Each round all find the files missing at once.
TEST_F(Lock, IsHeldByOneWriterWhoeverMakesItsFiles) {
  constexpr int kRounds = 300;
  constexpr int kWriters = 4;
  std::array<std::optional<LedgerLock>, kWriters> held;
  std::atomic<int> violations{0};
  std::barrier start(kWriters, [&]() noexcept {
    const auto taken =
        std::ranges::count_if(held, [](const auto& lock) { return lock.has_value(); });
    if (taken > 1) ++violations;
    for (auto& lock : held) lock.reset();
    remove_files();
  });
  std::vector<std::thread> writers;
  for (auto& mine : held)
    writers.emplace_back([&] {
      for (int round = 0; round < kRounds; ++round) {
        start.arrive_and_wait();
        mine = take(Kind::exclusive);
      }
      start.arrive_and_wait();
    });
  for (auto& writer : writers) writer.join();
  EXPECT_EQ(violations, 0);
}

TEST_F(Lock, OfAFileThatWasTakenAwayIsTakenAgainOnTheOneInItsPlace) {
  auto first = waiter(Kind::exclusive);
  remove_files();
  auto second = waiter(Kind::exclusive);
  const auto held = *second.attempt();
  ASSERT_TRUE(held);
  EXPECT_FALSE(*first.attempt());
  EXPECT_FALSE(*first.attempt());
}

// A ledger from elsewhere could name any file of ours, which a writer would overwrite.
TEST_F(Lock, IsRefusedOnASymbolicLink) {
  const auto target = directory_.path() / "precious";
  ASSERT_TRUE(write_new_file(target, bytes_of("keep every byte of this")));
  for (const auto& file : {layout_.lock(), layout_.turnstile()}) {
    for (const auto& to : {target, directory_.path() / "missing"}) {
      std::filesystem::remove(file);
      std::filesystem::create_symlink(to, file);
      for (const Kind kind : {Kind::shared, Kind::exclusive}) {
        const auto refused = LedgerLock::Waiter::open(layout_, kind);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::damaged);
        EXPECT_TRUE(refused.error().message.starts_with(file.string() + " is a symbolic link"));
      }
    }
    std::filesystem::remove(file);
  }
  EXPECT_EQ(text_of(*read_file(target, 100)), "keep every byte of this");
  EXPECT_FALSE(std::filesystem::exists(directory_.path() / "missing"));
}

TEST_F(Lock, IsNotNeededToReadWhereItsFilesCannotBeMade) {
  remove_files();
  const ReadOnly directory(directory_.path());
  const AnotherUser nobody;
  if (!is_read_only()) GTEST_SKIP() << "nobody can be made here who may read and not write";
  EXPECT_FALSE(LedgerLock::Waiter::open(layout_, Kind::exclusive));
  const auto lock = take(Kind::shared);
  ASSERT_TRUE(lock);
  EXPECT_TRUE(lock->kept_writers_out());
}

TEST_F(Lock, ThatWentOnWithoutAFileNoticesAWriter) {
  remove_files();
  auto reader = waiter(Kind::shared);
  const auto lock = *reader.attempt();
  ASSERT_TRUE(lock);
  EXPECT_TRUE(lock->kept_writers_out());
  const auto writer = take(Kind::exclusive);
  EXPECT_FALSE(lock->kept_writers_out());
  EXPECT_FALSE(*reader.attempt());
}

// Ten waiters of both kinds, each taking the lock often: nobody starves, nobody meets a writer.
TEST_F(Lock, IsTakenByEveryWaiterInTheEnd) {
  std::atomic<int> readers{0};
  std::atomic<int> writers{0};
  std::atomic<int> violations{0};
  const auto work = [&](Kind kind) {
    for (int round = 0; round < 20; ++round) {
      Patience patience(std::chrono::seconds(60), nullptr, nullptr);
      auto place = waiter(kind);
      for (;;) {
        const auto lock = *place.attempt();
        if (lock) {
          auto& mine = kind == Kind::exclusive ? writers : readers;
          ++mine;
          if (writers > 1 || (writers == 1 && readers > 0)) ++violations;
          --mine;
          break;
        }
        if (patience.over()) {
          ++violations;
          break;
        }
        patience.pause();
      }
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 10; ++i)
    threads.emplace_back(work, i % 2 == 0 ? Kind::exclusive : Kind::shared);
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(violations, 0);
}

TEST(Patience, SpeaksOnceAfterASecond) {
  int spoken = 0;
  Patience patience(
      std::chrono::milliseconds(1300),
      [&](const std::string& text) {
        EXPECT_EQ(text, "waiting");
        ++spoken;
      },
      [] { return std::string("waiting"); });
  patience.pause();
  EXPECT_EQ(spoken, 0);
  while (!patience.over()) patience.pause();
  EXPECT_EQ(spoken, 1);
}

}  // namespace
}  // namespace runledger::ledger
