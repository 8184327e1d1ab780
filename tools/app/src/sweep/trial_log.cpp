#include "trial_log.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "../ledger_access.hpp"

namespace runledger::app {
namespace {

// Enough for the disk to be busy, little enough to be lost with a power cut.
constexpr std::size_t kGroupEvents = 1'024;
constexpr std::size_t kWaitingEvents = 4 * kGroupEvents;

}  // namespace

Result<std::unique_ptr<TrialLog>> TrialLog::open(const Context& context) {
  RL_TRY(ledger::Committer committer,
         ledger::Committer::open(context.ledger, append_options(context)));
  return std::unique_ptr<TrialLog>(new TrialLog(std::move(committer)));
}

TrialLog::TrialLog(ledger::Committer committer)
    : committer_(std::move(committer)), thread_([this] { run(); }) {}

TrialLog::~TrialLog() { static_cast<void>(finish()); }

bool TrialLog::put(TrialBatch batch) {
  if (batch.events.empty()) return true;
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return error_ || waiting_events_ < kWaitingEvents; });
  if (error_) return false;
  waiting_events_ += batch.events.size();
  waiting_.push_back(std::move(batch));
  changed_.notify_all();
  return true;
}

Status TrialLog::finish() {
  {
    const std::lock_guard lock(mutex_);
    finishing_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
  if (error_) return std::unexpected(*error_);
  return {};
}

std::uint64_t TrialLog::recorded() const {
  const std::lock_guard lock(mutex_);
  return recorded_;
}

std::uint64_t TrialLog::failed() const {
  const std::lock_guard lock(mutex_);
  return failed_;
}

void TrialLog::run() {
  for (;;) {
    std::deque<TrialBatch> batches;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return finishing_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      for (std::size_t events = 0; !waiting_.empty() && events < kGroupEvents;) {
        events += waiting_.front().events.size();
        batches.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
      }
    }
    record(batches);
    if (error_) return;
  }
}

void TrialLog::record(std::deque<TrialBatch>& batches) {
  Events events;
  for (TrialBatch& batch : batches) std::ranges::move(batch.events, std::back_inserter(events));
  const std::size_t count = events.size();
  auto done = committer_.append(std::move(events));
  const std::lock_guard lock(mutex_);
  waiting_events_ -= count;
  changed_.notify_all();
  if (!done) {
    error_ = std::move(done).error();
    waiting_.clear();
    return;
  }
  auto seq = done->seqs.begin();
  for (const TrialBatch& batch : batches) {
    recorded_ += batch.failed;
    failed_ += batch.failed;
    for (const auto& row : batch.rows) {
      if (row) {
        rows_.push_back(*row);
        rows_.back().id = *seq;
        ++recorded_;
      }
      ++seq;
    }
  }
}

}  // namespace runledger::app
