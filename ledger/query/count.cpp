#include <algorithm>

#include "counters.hpp"
#include "query.hpp"
#include "question.hpp"

namespace runledger::ledger {
namespace {

// The first row from `from` on whose key begins with `prefix`.
Result<std::optional<RunCounts>> first_counts(const View& view, std::string_view from,
                                              std::string_view prefix) {
  const auto scan = view.scan(Family::counters, from, end_of_prefix(std::string(prefix)));
  if (!scan->valid()) {
    RL_TRY_VOID(scan->status());
    return std::nullopt;
  }
  const auto counts = decode_counts(scan->value());
  if (!counts) return std::unexpected(damaged_row(Family::counters));
  return counts;
}

// Without the number at the end of a block's or a change's key.
std::string_view without_number(std::string_view key) { return key.substr(0, key.size() - 8); }

// Runs recorded before the block, hidden or not.
Result<std::uint64_t> total_before(const View& view, const std::string& scope,
                                   std::uint64_t block) {
  if (block == 0) return 0;
  const std::string from = block_key(scope, block - 1);
  RL_TRY(const auto counts, first_counts(view, from, without_number(from)));
  return counts ? counts->total : 0;
}

// Of the runs recorded in blocks [first, last), those that are hidden now.
Result<std::uint64_t> hidden_in_blocks(const View& view, const std::string& scope,
                                       std::uint64_t first, std::uint64_t last) {
  std::uint64_t hidden = 0;
  if (first >= last) return hidden;
  const std::string from = block_key(scope, last - 1);
  const auto scan = view.scan(Family::counters, from, end_of_prefix(block_key(scope, first)));
  for (; scan->valid(); scan->next()) {
    const auto counts = decode_counts(scan->value());
    if (!counts) return std::unexpected(damaged_row(Family::counters));
    hidden += counts->hidden;
  }
  RL_TRY_VOID(scan->status());
  return hidden;
}

// Runs recorded up to a time: whole blocks, and the rest of the newest run's block one by one.
struct UpTo {
  std::uint64_t block = 0;
  std::uint64_t before = 0;    // in the blocks before it, hidden or not
  std::uint64_t in_block = 0;  // those wanted
};

Result<UpTo> count_up_to(const View& view, Selection selection, TimeNs until) {
  selection.range = {.until = until};
  Selection any = selection;
  any.wanted = Wanted::all;
  UpTo result;
  RL_TRY(const RunScan newest, RunScan::open(view, any));
  if (!newest.valid()) return result;
  result.block = block_of(newest.position().seq);
  const Seq first(result.block * kBlockEvents);
  RL_TRY(RunScan scan, RunScan::open(view, selection));
  while (scan.valid() && scan.position().seq >= first) {
    ++result.in_block;
    RL_TRY_VOID(scan.next());
  }
  RL_TRY(result.before, total_before(view, scope_key(selection.scope), result.block));
  return result;
}

// In the state of now.
Result<std::uint64_t> count_in_range(const View& view, const Selection& selection) {
  const TimeRange range = selection.range;
  if (range.empty()) return 0;
  RL_TRY(const UpTo end, count_up_to(view, selection, range.until));
  UpTo begin;
  if (range.since > std::numeric_limits<TimeNs>::min()) {
    RL_TRY(begin, count_up_to(view, selection, range.since - 1));
  }
  const std::uint64_t whole_blocks = end.before - begin.before;
  const std::uint64_t parts = end.in_block - begin.in_block;
  if (selection.wanted == Wanted::all) return whole_blocks + parts;
  RL_TRY(const std::uint64_t hidden,
         hidden_in_blocks(view, scope_key(selection.scope), begin.block, end.block));
  return selection.wanted == Wanted::hidden ? hidden + parts : whole_blocks - hidden + parts;
}

// Hidden right after event `as_of`, whenever they were recorded.
Result<std::uint64_t> hidden_as_of(const View& view, const Scope& scope, Seq as_of) {
  const std::string from = change_key(scope_key(scope), as_of);
  RL_TRY(const auto counts, first_counts(view, from, without_number(from)));
  return counts ? counts->hidden : 0;
}

Result<std::uint64_t> count_one_by_one(const View& view, const Selection& selection) {
  std::uint64_t count = 0;
  RL_TRY(RunScan scan, RunScan::open(view, selection));
  for (; scan.valid(); ++count) RL_TRY_VOID(scan.next());
  return count;
}

Result<std::uint64_t> count_as_of(const View& view, const Selection& selection, bool bounded) {
  Selection hidden_ones = selection;
  hidden_ones.wanted = Wanted::hidden;
  RL_TRY(const std::uint64_t hidden, bounded
                                         ? count_one_by_one(view, hidden_ones)
                                         : hidden_as_of(view, selection.scope, *selection.as_of));
  if (selection.wanted == Wanted::hidden) return hidden;
  Selection all = selection;
  all.wanted = Wanted::all;
  all.as_of.reset();
  RL_TRY(const std::uint64_t total, count_in_range(view, all));
  return total - hidden;
}

Result<std::uint64_t> count_selection(const View& view, const Selection& selection, bool bounded) {
  if (selection.as_of) return count_as_of(view, selection, bounded);
  if (bounded) return count_in_range(view, selection);
  RL_TRY(const RunCounts now, read_counts(view, now_key(scope_key(selection.scope))));
  return selection.wanted == Wanted::hidden ? now.hidden : now.total - now.hidden;
}

}  // namespace

Result<std::uint64_t> count_runs(const View& view, const RunFilter& filter) {
  RL_TRY(const Question question, ask(view, filter));
  std::uint64_t count = 0;
  for (const Selection& selection : question.selections) {
    RL_TRY(const std::uint64_t part, count_selection(view, selection, question.bounded));
    count += part;
  }
  return count;
}

}  // namespace runledger::ledger
