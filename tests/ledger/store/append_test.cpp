#include <algorithm>
#include <array>
#include <atomic>
#include <thread>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "client.hpp"
#include "ledger_fixture.hpp"
#include "lock.hpp"

namespace runledger::ledger {
namespace {

PendingEvent retract_event(const std::string& request_id, Seq run) {
  return test::retracted_event(request_id, run.value);
}

class Appending : public LedgerFixture {};

TEST_F(Appending, GivesConsecutiveSeqsAndIsSeenByEveryReaderOpenedLater) {
  EXPECT_EQ(add_run("a"), Seq(1));
  const auto recorded = add({run_event("b"), run_event("c")});
  ASSERT_TRUE(recorded) << recorded.error().message;
  EXPECT_EQ(recorded->seqs, (std::vector{Seq(2), Seq(3)}));
  EXPECT_FALSE(recorded->already_recorded);
  const Reader reader = open_reader();
  EXPECT_EQ(reader.head().size, LogSize(4));
  for (std::uint64_t seq = 0; seq < 4; ++seq) EXPECT_EQ(reader.event(Seq(seq))->seq(), Seq(seq));
  EXPECT_EQ(*reader.count({}), 3u);
  EXPECT_EQ(reader.list({}, {})->runs.front().id, Seq(3));
}

TEST_F(Appending, RecordsARequestIdOnce) {
  const auto first = add({run_event("a"), run_event("b")});
  const auto again = add({run_event("a"), run_event("b")});
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE(again->already_recorded);
  EXPECT_EQ(again->seqs, first->seqs);
  EXPECT_EQ(open_reader().head().size, LogSize(3));
}

TEST_F(Appending, RefusesEventsOfWhichOnlySomeAreKnown) {
  add_run("a");
  EXPECT_EQ(add({run_event("a"), run_event("b")}).error().code, ErrorCode::conflict);
  EXPECT_EQ(add({run_event("b"), run_event("a")}).error().code, ErrorCode::conflict);
  EXPECT_EQ(open_reader().head().size, LogSize(2));
}

TEST_F(Appending, RefusesTwoEventsWithOneRequestId) {
  EXPECT_EQ(add({run_event("a"), run_event("a")}).error().code, ErrorCode::invalid_input);
}

TEST_F(Appending, IsAllOrNothing) {
  const Seq run = add_run("a");
  EXPECT_FALSE(add({run_event("b"), retract_event("c", run), retract_event("d", run)}));
  const Reader reader = open_reader();
  EXPECT_EQ(reader.head().size, LogSize(2));
  EXPECT_FALSE(*reader.event_by_request("b"));
  EXPECT_FALSE(*reader.retracted_by(run));
}

TEST_F(Appending, LetsAnEventSeeTheOnesBeforeItInTheSameAppend) {
  const Seq run = add_run("a");
  const auto recorded = add({run_event("b"), retract_event("c", Seq(run.value + 1))});
  ASSERT_TRUE(recorded) << recorded.error().message;
  EXPECT_EQ(*open_reader().retracted_by(Seq(run.value + 1)), Seq(run.value + 2));
}

TEST_F(Appending, RefusesWhatIsNoEvent) {
  EXPECT_EQ(add({}).error().code, ErrorCode::invalid_input);
  EXPECT_EQ(add({Bytes()}).error().code, ErrorCode::invalid_input);
  EXPECT_EQ(add({Bytes(100, 7)}).error().code, ErrorCode::invalid_input);
  EXPECT_EQ(add({run_event("")}).error().code, ErrorCode::invalid_input);
  EXPECT_EQ(add({run_event("a", 2u << 20)}).error().code, ErrorCode::too_large);
  EXPECT_EQ(add(std::vector<PendingEvent>(9, run_event("a", 1'000'000))).error().code,
            ErrorCode::too_large);
  EXPECT_EQ(open_reader().head().size, LogSize(1));
}

TEST_F(Appending, IsRefusedWhereNoLedgerIs) {
  EXPECT_EQ(append(directory_.path(), {run_event("a")}, {}).error().code, ErrorCode::not_found);
  EXPECT_EQ(Reader::open(directory_.path(), {}).error().code, ErrorCode::not_found);
  EXPECT_EQ(Committer::open(directory_.path(), {}).error().code, ErrorCode::not_found);
}

TEST_F(Appending, HandsOverToTheCommitterThatIsRunning) {
  Committer committer = open_committer();
  EXPECT_EQ(add_run("a"), Seq(1));
  EXPECT_EQ(committer.append({run_event("b")})->seqs.front(), Seq(2));
  EXPECT_EQ(add({run_event("b")})->seqs.front(), Seq(2));
  EXPECT_EQ(add({retract_event("c", Seq(1)), retract_event("d", Seq(1))}).error().code,
            ErrorCode::conflict);
  EXPECT_EQ(open_reader().head().size, LogSize(3));
}

TEST_F(Appending, GivesUpWhenTheLedgerStaysLocked) {
  const auto lock = *take_lock(layout_, {});
  int spoken = 0;
  const auto recorded = append(
      path_, {run_event("a")},
      {.lock_timeout = std::chrono::milliseconds(1200), .on_wait = [&](const std::string& s) {
         ++spoken;
         EXPECT_NE(s.find("process " + std::to_string(::getpid())), std::string::npos) << s;
       }});
  EXPECT_EQ(recorded.error().code, ErrorCode::locked);
  EXPECT_EQ(spoken, 1);
  EXPECT_EQ(Reader::open(path_, {.lock_timeout = std::chrono::milliseconds(10), .on_wait = {}})
                .error()
                .code,
            ErrorCode::locked);
}

// A committer that takes an append and dies of a disk that loses HEAD.
TEST_F(Appending, IsInDoubtWhenItWasHandedOverAndTheLedgerIsRefusedAfterwards) {
  std::optional<LedgerLock> lock = *take_lock(layout_, {});
  auto address = *socket_address(layout_);
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::ranges::copy(address.path, std::begin(name.sun_path));
  const Fd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name), 0);
  ASSERT_EQ(::listen(listener.get(), 1), 0);
  std::thread committer([&] {
    const Fd client(::accept(listener.get(), nullptr, nullptr));
    const Bytes hello = encode_hello();
    EXPECT_EQ(::send(client.get(), hello.data(), hello.size(), 0),
              static_cast<ssize_t>(hello.size()));
    Bytes received;
    for (bool whole = false; !whole;) {
      std::array<std::uint8_t, 4096> buffer;
      const ssize_t n = ::recv(client.get(), buffer.data(), buffer.size(), 0);
      ASSERT_GT(n, 0);
      received.insert(received.end(), buffer.data(), buffer.data() + n);
      whole = take_frame(received)->has_value();
    }
    std::filesystem::remove(layout_.socket());
    std::filesystem::remove(layout_.head());
    lock.reset();
  });
  const auto recorded = add({run_event("a")});
  committer.join();
  ASSERT_FALSE(recorded);
  EXPECT_EQ(recorded.error().code, ErrorCode::unknown);
  EXPECT_NE(recorded.error().message.find("HEAD"), std::string::npos) << recorded.error().message;
}

TEST_F(Appending, SharesOneLogAmongThreadsAndConnections) {
  constexpr int kThreads = 8;
  constexpr int kRounds = 40;
  Committer committer = open_committer();
  std::atomic<int> failures{0};
  std::vector<std::vector<std::uint64_t>> seqs(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < kRounds; ++i) {
        std::vector events{run_event(std::to_string(t) + "-" + std::to_string(i) + "a"),
                           run_event(std::to_string(t) + "-" + std::to_string(i) + "b")};
        const auto recorded = t % 2 == 0 ? committer.append(events) : add(events);
        if (!recorded || recorded->seqs[1].value != recorded->seqs[0].value + 1)
          ++failures;
        else
          for (const Seq seq : recorded->seqs)
            seqs[static_cast<std::size_t>(t)].push_back(seq.value);
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
  std::vector<std::uint64_t> all;
  for (const auto& mine : seqs) {
    EXPECT_TRUE(std::ranges::is_sorted(mine));
    all.insert(all.end(), mine.begin(), mine.end());
  }
  std::ranges::sort(all);
  ASSERT_EQ(all.size(), 2u * kThreads * kRounds);
  for (std::size_t i = 0; i < all.size(); ++i) ASSERT_EQ(all[i], i + 1);
  EXPECT_EQ(*open_reader().count({}), all.size());
}

TEST_F(Appending, GoesOnWhenTheCommitterClosesUnderIt) {
  std::atomic<bool> stop{false};
  std::atomic<int> recorded{0};
  std::atomic<int> failures{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; !stop; ++i) {
        if (add({run_event(std::to_string(t) + "-" + std::to_string(i))}))
          ++recorded;
        else
          ++failures;
      }
    });
  for (int i = 0; i < 5; ++i) {
    const int before = recorded;
    const Committer committer = open_committer();
    while (recorded < before + 8 && failures == 0) std::this_thread::yield();
  }
  stop = true;
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(open_reader().head().size.value, static_cast<std::uint64_t>(recorded) + 1);
}

}  // namespace
}  // namespace runledger::ledger
