#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <variant>

#include "commit_service.hpp"
#include "writer.hpp"

namespace runledger::ledger {

// One commit group is closed when its events have this many bytes; one append is never divided.
inline constexpr std::size_t kGroupBytesMax = 1u << 20;

// Lets any number of appenders share a writer: what arrives while a group is being written makes
// up the next one.
//
// Threads:   any number; the writer is used by one thread of the queue.
class CommitQueue final : public CommitService {
 public:
  explicit CommitQueue(std::unique_ptr<LedgerWriter> writer);
  ~CommitQueue() override;
  CommitQueue(const CommitQueue&) = delete;
  CommitQueue& operator=(const CommitQueue&) = delete;

  void append(std::vector<PendingEvent> events, std::function<void(Outcome)> done) override;
  void pin(std::function<void(Result<Pin>)> done) override;
  void unpin(Pin pin, std::function<void(Status)> done) override;

  // Finishes the group under way, answers Retry to everything else, then and later.
  void close();

 private:
  struct Append {
    std::vector<PendingEvent> events;
    std::function<void(Outcome)> done;
  };
  // Run between groups; with nothing when the queue closes.
  using Task = std::function<void(LedgerWriter*)>;
  using Item = std::variant<Append, Task>;

  void post(Item item);
  void run();
  void commit(std::vector<Append> group);
  static void turn_away(Item& item);

  std::unique_ptr<LedgerWriter> writer_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Item> waiting_;
  bool closing_ = false;
  std::thread thread_;  // last: it uses all above
};

}  // namespace runledger::ledger
