#pragma once

#include <runledger/base/check.hpp>

#include "event.hpp"
#include "events.hpp"
#include "memory_view.hpp"
#include "projection.hpp"
#include "tree.hpp"

namespace runledger::ledger::test {

// A committer without a disk: stamps, hashes and projects event by event.
class MemoryLedger {
 public:
  explicit MemoryLedger(TimeNs opened_at = 1'000'000'000'000) : time_(opened_at) {
    RL_CHECK(append(opened_event()).has_value());
  }

  Result<Seq> append(PendingEvent event) {
    RL_TRY_VOID(check_pending(event));
    return append_unchecked(std::move(event));
  }
  // An event that other versions may have accepted.
  Result<Seq> append_unchecked(PendingEvent event) {
    const Seq seq(size_.value);
    stamp_event(event, {.seq = seq, .recorded_at = time_, .nonce = {}});
    RL_TRY(const Changes changes, project(event_in(event), view_));
    view_.apply(changes);
    record(event);
    return seq;
  }
  // As a newer version records what this one would refuse. Nothing is derived from it.
  Seq append_newer(PendingEvent event) {
    const Seq seq(size_.value);
    stamp_event(event, {.seq = seq, .recorded_at = time_, .nonce = {}});
    record(event);
    return seq;
  }
  // Numbers the next event so, as if others had been recorded in between.
  void jump_to(Seq next) {
    RL_CHECK(next.value >= size_.value);
    time_ += kStepNs * static_cast<TimeNs>(next.value - size_.value);
    size_ = LogSize(next.value);
  }

  [[nodiscard]] const MemoryView& view() const { return view_; }
  MemoryView& view() { return view_; }
  [[nodiscard]] LogSize size() const { return size_; }
  [[nodiscard]] Digest root() const { return tree_.root(); }

  static constexpr TimeNs kStepNs = 10;

 private:
  void record(const PendingEvent& event) {
    const Seq seq(size_.value);
    view_.apply({{Family::events, event_key(seq), std::string(text_of(event))}});
    tree_.append(hash_event(event).leaf);
    view_.apply(tree_.take_changes());
    size_ = size_after(seq);
    time_ += kStepNs;
  }

  MemoryView view_;
  Tree tree_;
  LogSize size_;
  TimeNs time_;
};

}  // namespace runledger::ledger::test
