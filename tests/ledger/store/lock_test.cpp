#include "lock.hpp"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include "temporary_directory.hpp"

namespace runledger::ledger {
namespace {

using Kind = LedgerLock::Kind;

class Lock : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(LedgerLock::create(layout_)); }
  LedgerLock::Waiter waiter(Kind kind) { return *LedgerLock::Waiter::open(layout_, kind); }
  std::optional<LedgerLock> take(Kind kind) { return *waiter(kind).attempt(); }

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

TEST_F(Lock, CannotBeTakenWithoutItsFiles) {
  std::filesystem::remove(layout_.turnstile());
  EXPECT_FALSE(LedgerLock::Waiter::open(layout_, Kind::shared));
  EXPECT_FALSE(LedgerLock::Waiter::open(layout_, Kind::exclusive));
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
