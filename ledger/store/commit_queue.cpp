#include "commit_queue.hpp"

#include <utility>

namespace runledger::ledger {
namespace {

std::size_t bytes_in(const std::vector<PendingEvent>& events) {
  std::size_t bytes = 0;
  for (const PendingEvent& event : events) bytes += event.size();
  return bytes;
}

std::unexpected<Error> closing() {
  return fail(ErrorCode::io, "The committer is closing; ask again.");
}

}  // namespace

CommitQueue::CommitQueue(std::unique_ptr<LedgerWriter> writer)
    : writer_(std::move(writer)), thread_([this] { run(); }) {}

CommitQueue::~CommitQueue() { close(); }

void CommitQueue::close() {
  {
    const std::scoped_lock lock(mutex_);
    closing_ = true;
  }
  arrived_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void CommitQueue::append(std::vector<PendingEvent> events, std::function<void(Outcome)> done) {
  post(Append{std::move(events), std::move(done)});
}

void CommitQueue::pin(std::function<void(Result<Pin>)> done) {
  post(Task([done = std::move(done)](LedgerWriter* writer) {
    done(writer != nullptr ? writer->hold_files() : Result<Pin>(closing()));
  }));
}

void CommitQueue::unpin(Pin pin, std::function<void(Status)> done) {
  post(Task([pin, done = std::move(done)](LedgerWriter* writer) {
    done(writer != nullptr ? writer->release_files(pin) : Status(closing()));
  }));
}

void CommitQueue::post(Item item) {
  {
    const std::scoped_lock lock(mutex_);
    if (!closing_) {
      waiting_.push_back(std::move(item));
      arrived_.notify_one();
      return;
    }
  }
  turn_away(item);
}

void CommitQueue::turn_away(Item& item) {
  if (auto* append = std::get_if<Append>(&item))
    append->done(Retry{});
  else
    std::get<Task>(item)(nullptr);
}

void CommitQueue::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    arrived_.wait(lock, [this] { return closing_ || !waiting_.empty(); });
    if (closing_) break;
    std::vector<Append> group;
    std::size_t bytes = 0;
    while (!waiting_.empty() && bytes < kGroupBytesMax &&
           std::holds_alternative<Append>(waiting_.front())) {
      auto append = std::get<Append>(std::move(waiting_.front()));
      bytes += bytes_in(append.events);
      if (!group.empty() && bytes > kGroupBytesMax) {
        waiting_.front() = std::move(append);
        break;
      }
      group.push_back(std::move(append));
      waiting_.pop_front();
    }
    Task task;
    if (group.empty()) {
      task = std::get<Task>(std::move(waiting_.front()));
      waiting_.pop_front();
    }
    lock.unlock();
    if (task)
      task(writer_.get());
    else
      commit(std::move(group));
    lock.lock();
  }
  std::deque<Item> left = std::exchange(waiting_, {});
  lock.unlock();
  for (Item& item : left) turn_away(item);
}

void CommitQueue::commit(std::vector<Append> group) {
  std::vector<std::vector<PendingEvent>> appends;
  appends.reserve(group.size());
  for (Append& append : group) appends.push_back(std::move(append.events));
  auto results = writer_->commit(appends);
  for (std::size_t i = 0; i < group.size(); ++i) group[i].done(outcome_of(std::move(results[i])));
}

}  // namespace runledger::ledger
