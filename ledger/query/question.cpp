#include "question.hpp"

#include <algorithm>

#include "event.hpp"

namespace runledger::ledger {
namespace {

// When the event was recorded; nothing for one that is not there yet.
Result<std::optional<TimeNs>> time_of(const View& view, Seq seq) {
  const auto event = load_event(view, seq);
  if (event) return event->recorded_at();
  if (event.error().code == ErrorCode::not_found) return std::nullopt;
  return std::unexpected(event.error());
}

}  // namespace

Result<Question> ask(const View& view, const RunFilter& filter) {
  Selection selection{
      .scope = {.ticker = filter.ticker, .strategy = filter.strategy, .sweep = filter.sweep},
      .wanted = filter.retracted ? Wanted::hidden : Wanted::shown};
  Question question{.selections = {}, .bounded = filter.since || filter.until};
  if (filter.since) selection.range.since = *filter.since;
  if (filter.until) selection.range.until = *filter.until;
  if (filter.as_of) {
    RL_TRY(const auto time, time_of(view, *filter.as_of));
    // The state after an event that is yet to come is the state now.
    if (time) {
      selection.as_of = filter.as_of;
      selection.range.until = std::min(selection.range.until, *time);
    }
  }
  std::vector<RunGroup> groups = filter.groups;
  std::ranges::sort(groups);
  const auto repeated = std::ranges::unique(groups);
  groups.erase(repeated.begin(), repeated.end());
  for (const RunGroup group : groups) {
    selection.scope.group = group;
    question.selections.push_back(selection);
  }
  return question;
}

}  // namespace runledger::ledger
