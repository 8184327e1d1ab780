#include "standing.hpp"

#include <algorithm>

#include "event.hpp"
#include "leaf.hpp"
#include "projection.hpp"
#include "tree.hpp"

namespace runledger::ledger {
namespace {

// How many events before HEAD are looked at for a gap.
constexpr std::uint64_t kScannedEvents = 128;

constexpr std::string_view kWhatToDo =
    " Run `runledger verify` to see what is affected, and restore a backup.";

std::string range_text(std::uint64_t first, std::uint64_t last) {
  if (first == last) return "event " + std::to_string(first);
  return "events " + std::to_string(first) + " to " + std::to_string(last);
}

std::unexpected<Error> damaged(const Layout& layout, const std::string& what) {
  return fail(ErrorCode::damaged, "The ledger " + layout.root.string() + " is damaged: " + what +
                                      "." + std::string(kWhatToDo));
}

// Every event from a little before HEAD to the end of the log, and nothing after it.
Status check_gapless(const Layout& layout, const View& view, const LogState& state,
                     const HeadRecord& head) {
  std::uint64_t expected = head.size.value - std::min(head.size.value, kScannedEvents);
  auto scan = view.scan(Family::events, event_key(Seq(expected)), events_end());
  for (; scan->valid(); scan->next(), ++expected) {
    if (expected == state.size.value) return damaged(layout, "there are events after its end");
    if (scan->key() != event_key(Seq(expected))) break;
  }
  RL_TRY_VOID(scan->status());
  if (expected != state.size.value)
    return damaged(layout, "event " + std::to_string(expected) + " is missing");
  return {};
}

Status check_beyond_head(const Layout& layout, const View& view, const LogState& state,
                         const HeadRecord& head) {
  TimeNs last_time = head.recorded_at;
  for (std::uint64_t seq = head.size.value; seq < state.size.value; ++seq) {
    RL_TRY(const StoredEvent event, read_event(view, Seq(seq)));
    if (event.recorded_at() <= last_time)
      return damaged(layout,
                     "event " + std::to_string(seq) + " has a time before the event before it");
    last_time = event.recorded_at();
  }
  if (last_time != state.recorded_at)
    return damaged(layout, "its newest event is not the one that was written last");
  return {};
}

}  // namespace

std::string events_end() { return std::string(9, '\xff'); }
std::string keys_end() { return std::string(64, '\xff'); }

Result<LogState> read_state(const Layout& layout, const View& view) {
  RL_TRY(const auto row, view.get(Family::meta, kStateKey));
  if (!row)
    return fail(ErrorCode::rolled_back,
                "The ledger " + layout.root.string() +
                    " has no events in its database, though HEAD says that it had: the database "
                    "was replaced or its files are lost." +
                    std::string(kWhatToDo));
  const auto state = decode_state(*row);
  if (!state || state->size.value == 0)
    return damaged(layout, "the row that says how many events there are is unreadable");
  if (state->projections > kProjectionVersion)
    return fail(ErrorCode::unsupported, "The indexes of the ledger " + layout.root.string() +
                                            " were made by a newer runledger. Use that one.");
  return *state;
}

Result<HeadRecord> head_for(const View& view, const LogState& state) {
  HeadRecord head;
  head.generation = state.generation;
  head.seq = Seq(state.size.value - 1);
  head.size = state.size;
  head.recorded_at = state.recorded_at;
  RL_TRY(const StoredEvent event, load_event(view, head.seq));
  head.event_hash = event_hash(event.bytes());
  RL_TRY(head.root, tree_root(view, state.size));
  return head;
}

Error other_generation(const Layout& layout, const LogState& state, const HeadRecord& head) {
  return {ErrorCode::rolled_back,
          "HEAD of the ledger " + layout.root.string() + " says " +
              std::to_string(head.size.value) + " events in commit group " +
              std::to_string(head.generation) + ", its database says " +
              std::to_string(state.size.value) + " in group " + std::to_string(state.generation) +
              ": one of them was replaced by an older copy." + std::string(kWhatToDo)};
}

Status check_holds(const Layout& layout, const View& view, const LogState& state,
                   const HeadRecord& head) {
  if (state.size < head.size)
    return fail(ErrorCode::rolled_back,
                "The ledger " + layout.root.string() + " is missing " +
                    range_text(state.size.value, head.seq.value) +
                    ", which had been acknowledged: its database was replaced by an older copy or "
                    "its newest records are lost." +
                    std::string(kWhatToDo));
  RL_TRY(const auto newest, view.get(Family::events, event_key(head.seq)));
  if (!newest || event_hash(bytes_of(*newest)) != head.event_hash)
    return damaged(layout, "event " + std::to_string(head.seq.value) +
                               ", the newest acknowledged one, is not the one that HEAD names");
  RL_TRY(const Digest root, tree_root(view, head.size));
  if (root != head.root)
    return damaged(layout, "the tree over its " + std::to_string(head.size.value) +
                               " events has another root than HEAD says");
  return check_gapless(layout, view, state, head);
}

Result<Standing> check_standing(const Layout& layout, const View& view, const HeadRecord& head) {
  Standing standing;
  RL_TRY(standing.state, read_state(layout, view));
  const LogState& state = standing.state;
  RL_TRY_VOID(check_holds(layout, view, state, head));
  const bool same = state.generation == head.generation && state.size == head.size &&
                    state.recorded_at == head.recorded_at;
  standing.ahead = state.generation == head.generation + 1 && state.size > head.size;
  if (!same && !standing.ahead) return std::unexpected(other_generation(layout, state, head));
  standing.head = head;
  if (standing.ahead) {
    RL_TRY_VOID(check_beyond_head(layout, view, state, head));
    RL_TRY(standing.head, head_for(view, state));
  }
  return standing;
}

}  // namespace runledger::ledger
