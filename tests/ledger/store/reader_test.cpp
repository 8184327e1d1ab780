#include <atomic>
#include <mutex>
#include <thread>

#include "committer_server.hpp"
#include "event.hpp"
#include "frozen.hpp"
#include "ledger_fixture.hpp"
#include "query.hpp"
#include "writer.hpp"

namespace runledger::ledger {
namespace {

// A committer that moves its log into tables all the time, which deletes files under readers.
class FlushingCommitter final : public CommitService {
 public:
  explicit FlushingCommitter(std::unique_ptr<LedgerWriter> writer) : writer_(std::move(writer)) {}
  void append(std::vector<PendingEvent> events, std::function<void(Outcome)> done) override {
    const std::scoped_lock lock(mutex_);
    done(outcome_of(std::move(writer_->commit({&events, 1}).front())));
  }
  void pin(std::function<void(Result<Pin>)> done) override {
    ++readers_waiting_;
    const std::scoped_lock lock(mutex_);
    --readers_waiting_;
    done(writer_->hold_files());
  }
  void unpin(Pin pin, std::function<void(Status)> done) override {
    ++readers_waiting_;
    const std::scoped_lock lock(mutex_);
    --readers_waiting_;
    done(writer_->release_files(pin));
  }
  // One commit group of two runs, and a flush.
  void work(int round) {
    while (readers_waiting_ > 0) std::this_thread::yield();
    std::vector<PendingEvent> events;
    for (int i = 0; i < 2; ++i)
      events.push_back(run_event(std::to_string(round) + "-" + std::to_string(i)));
    append(std::move(events),
           [](const Outcome& outcome) { EXPECT_TRUE(std::holds_alternative<Recorded>(outcome)); });
    const std::scoped_lock lock(mutex_);
    EXPECT_TRUE(writer_->flush());
    ++flushes;
  }
  int flushes = 0;

 private:
  std::atomic<int> readers_waiting_{0};  // a mutex alone would let them starve
  std::mutex mutex_;
  std::unique_ptr<LedgerWriter> writer_;
};

std::uint64_t count_pairs(const View& view, Family family) {
  std::uint64_t count = 0;
  auto scan = view.scan(family, {}, std::string(64, '\xff'));
  for (; scan->valid(); scan->next()) ++count;
  EXPECT_TRUE(scan->status());
  return count;
}

class Reading : public LedgerFixture {
 protected:
  // Every event and every index, gapless up to HEAD and not beyond.
  static void expect_whole(const FrozenLedger& ledger) {
    const std::uint64_t size = ledger.head().size.value;
    std::uint64_t expected = 0;
    auto scan = ledger.view().scan(Family::events, {}, events_end());
    for (; scan->valid(); scan->next(), ++expected) ASSERT_EQ(read_be64(scan->key()), expected);
    ASSERT_EQ(expected, size);
    ASSERT_EQ(count_pairs(ledger.view(), Family::index) % (size - 1), 0u);
    ASSERT_EQ(*count_runs(ledger.view(), {}), size - 1);
  }
};

TEST_F(Reading, OpensAThousandTimesBesideAFlushingWriterWithoutAHole) {
  constexpr int kReaders = 8;
  constexpr int kOpenings = 125;  // of each
  FlushingCommitter committer(*LedgerWriter::open(layout_, *take_lock(layout_, {})));
  const auto server = CommitterServer::open(layout_, committer);
  ASSERT_TRUE(server);
  std::atomic<bool> stop{false};
  committer.work(0);
  std::thread writing([&] {
    for (int round = 1; !stop; ++round) committer.work(round);
  });
  const auto read = [&] {
    std::uint64_t last = 0;
    for (int i = 0; i < kOpenings && !HasFailure(); ++i) {
      Patience patience(std::chrono::seconds(60), nullptr, nullptr);
      const auto ledger = FrozenLedger::open(layout_, patience);
      ASSERT_TRUE(ledger) << ledger.error().message;
      EXPECT_GE(ledger->head().size.value, last);
      last = ledger->head().size.value;
      expect_whole(*ledger);
    }
  };
  std::vector<std::thread> readers;
  for (int i = 0; i < kReaders; ++i) readers.emplace_back(read);
  for (auto& reader : readers) reader.join();
  stop = true;
  writing.join();
  std::printf("%d openings beside %d flushes, no hole\n", kReaders * kOpenings, committer.flushes);
}

TEST_F(Reading, KeepsItsViewWhateverIsAppendedAfterwards) {
  add_run("a");
  const Reader before = open_reader();
  Committer committer = open_committer();
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(committer.append({run_event(std::to_string(i))}));
  EXPECT_EQ(before.head().size, LogSize(2));
  EXPECT_EQ(*before.count({}), 1u);
  EXPECT_EQ(before.event(Seq(2)).error().code, ErrorCode::not_found);
  EXPECT_EQ(open_reader().head().size, LogSize(22));
}

TEST_F(Reading, CompletesAGroupThatWasWrittenButNotAcknowledged) {
  const auto old_head = *read_file(layout_.head(), 1u << 20);
  add_run("a");
  std::filesystem::remove(layout_.head());
  ASSERT_TRUE(write_new_file(layout_.head(), old_head));
  EXPECT_EQ(open_reader().head().size, LogSize(2));
  EXPECT_EQ(HeadFile::read(layout_.head())->size, LogSize(2));
}

TEST_F(Reading, ShowsAnEventOnlyWhenItIsTheOneInTheTree) {
  const Seq run = add_run("a");
  add_run("b");
  std::string bytes;
  {
    const auto database = *Database::open(layout_.database(), Database::Mode::read_write);
    bytes = **database->get(Family::events, event_key(run));
    bytes[bytes.size() - 20] = static_cast<char>(bytes[bytes.size() - 20] ^ 1);
    ASSERT_TRUE(database->write({{Family::events, event_key(run), bytes}}));
  }
  const Reader reader = open_reader();
  EXPECT_EQ(reader.event(run).error().code, ErrorCode::damaged);
  EXPECT_TRUE(reader.event(Seq(run.value + 1)));
}

}  // namespace
}  // namespace runledger::ledger
