#include "counter_rows.hpp"

namespace runledger::ledger {
namespace {

std::size_t bytes_of_row(std::string_view key) { return key.size() + sizeof(RunCounts); }

}  // namespace

Result<RunCounts*> CounterRows::row(std::string_view key) {
  if (const auto found = rows_.find(key); found != rows_.end()) return &found->second;
  RL_TRY(const RunCounts counts, read_below(key));
  bytes_ += bytes_of_row(key);
  return &rows_.emplace(key, counts).first->second;
}

void CounterRows::absorb(CounterRows& newer) {
  while (!newer.rows_.empty()) {
    auto placed = rows_.insert(newer.rows_.extract(newer.rows_.begin()));
    if (placed.inserted)
      bytes_ += bytes_of_row(placed.position->first);
    else
      placed.position->second = placed.node.mapped();
  }
  newer.bytes_ = 0;
}

void CounterRows::clear() {
  rows_.clear();
  bytes_ = 0;
}

Changes CounterRows::changes() const {
  Changes changes;
  changes.reserve(rows_.size());
  for (const auto& [key, counts] : rows_)
    changes.push_back({Family::counters, key, encode_counts(counts)});
  return changes;
}

Result<RunCounts> CounterRows::read(std::string_view key) const {
  if (const auto found = rows_.find(key); found != rows_.end()) return found->second;
  return read_below(key);
}

Result<RunCounts> CounterRows::read_below(std::string_view key) const {
  return below_ != nullptr ? below_->read(key) : read_counts(*stored_, key);
}

}  // namespace runledger::ledger
