#include "commit_group.hpp"

#include <algorithm>
#include <set>

#include "event.hpp"
#include "projection.hpp"
#include "protocol.hpp"
#include "query.hpp"

namespace runledger::ledger {
namespace {

std::string_view request_id_of(const PendingEvent& event) {
  return event_in(event).request_id()->string_view();
}

Status check_distinct(std::span<const PendingEvent> events) {
  if (events.size() == 1) return {};
  std::set<std::string_view> ids;
  for (const PendingEvent& event : events)
    if (!ids.insert(request_id_of(event)).second)
      return fail(ErrorCode::invalid_input, "Two events to be recorded have the same request id " +
                                                std::string(request_id_of(event)) +
                                                "; each needs its own.");
  return {};
}

}  // namespace

Status check_append(std::span<const PendingEvent> events) {
  std::size_t bytes = 0;
  for (const PendingEvent& event : events) bytes += event.size();
  if (events.empty()) return fail(ErrorCode::invalid_input, "There is no event to record.");
  if (events.size() > kAppendEventsMax || bytes > kAppendBytesMax)
    return fail(ErrorCode::too_large,
                std::to_string(events.size()) + " events of " + std::to_string(bytes) +
                    " bytes were to be recorded at once; at most " +
                    std::to_string(kAppendEventsMax) + " of " + std::to_string(kAppendBytesMax) +
                    " bytes can be. Record them in parts.");
  for (const PendingEvent& event : events) RL_TRY_VOID(check_pending(event));
  return {};
}

Result<std::optional<Recorded>> CommitGroup::find_recorded(
    std::span<const PendingEvent> events) const {
  Recorded recorded{{}, true};
  for (const PendingEvent& event : events) {
    RL_TRY(const auto seq, find_request(overlay_, request_id_of(event)));
    const bool first = &event == events.data();
    if (!first && seq.has_value() == recorded.seqs.empty())
      return fail(
          ErrorCode::conflict,
          "Of the events to be recorded some are recorded already and some are not (request "
          "id " +
              std::string(request_id_of(event)) +
              "): events that were recorded together are repeated together.");
    if (seq) recorded.seqs.push_back(*seq);
  }
  if (recorded.seqs.empty()) return std::nullopt;
  return recorded;
}

Result<std::optional<Recorded>> CommitGroup::recall(std::span<const PendingEvent> events) const {
  RL_TRY_VOID(check_append(events));
  RL_TRY_VOID(check_distinct(events));
  return find_recorded(events);
}

Result<Recorded> CommitGroup::add(std::span<const PendingEvent> events) {
  RL_TRY(auto known, recall(events));
  if (known) return *std::move(known);

  Recorded recorded;
  LogState state = state_;
  std::vector<Digest> leaves;
  Digest newest;
  Overlay mine(&overlay_);
  CounterRows counted(&counters_);
  Bytes nonces(events.size() * kNonceSize);
  fill_random(nonces);
  ByteView unused = nonces;
  for (const PendingEvent& event : events) {
    EventStamp stamp;
    stamp.seq = Seq(state.size.value);
    stamp.recorded_at = std::max(now_, state.recorded_at + 1);
    std::ranges::copy(unused.first(kNonceSize), stamp.nonce.begin());
    unused = unused.subspan(kNonceSize);
    std::string row(text_of(event));
    stamp_event({reinterpret_cast<std::uint8_t*>(row.data()), row.size()}, stamp);
    const EventHashes hashes = hash_event(bytes_of(row));
    RL_TRY(auto changes, project(event_in(bytes_of(row)), mine, counted));
    changes.push_back({Family::events, event_key(stamp.seq), std::move(row)});
    mine.add(std::move(changes));
    state.size = size_after(stamp.seq);
    state.recorded_at = stamp.recorded_at;
    leaves.push_back(hashes.leaf);
    newest = hashes.event;
    recorded.seqs.push_back(stamp.seq);
  }
  overlay_.absorb(mine);
  counters_.absorb(counted);
  leaves_.insert(leaves_.end(), leaves.begin(), leaves.end());
  state_ = state;
  newest_ = newest;
  return recorded;
}

bool CommitGroup::holds(const Recorded& recorded) const {
  return !recorded.seqs.empty() && recorded.seqs.back().value + leaves_.size() >= state_.size.value;
}

CommitGroup::Finished CommitGroup::finish() {
  for (const Digest& leaf : leaves_) tree_.append(leaf);
  overlay_.add(counters_.changes());
  overlay_.add(tree_.take_changes());
  ++state_.generation;
  overlay_.add({{Family::meta, std::string(kStateKey), encode_state(state_)}});
  Finished finished;
  finished.changes = overlay_.take();
  finished.state = state_;
  finished.head = {.generation = state_.generation,
                   .seq = Seq(state_.size.value - 1),
                   .event_hash = newest_,
                   .size = state_.size,
                   .root = tree_.root(),
                   .recorded_at = state_.recorded_at};
  return finished;
}

}  // namespace runledger::ledger
