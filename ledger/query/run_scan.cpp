#include "run_scan.hpp"

#include <algorithm>

#include "counters.hpp"
#include "run_row.hpp"
#include "runs.hpp"

namespace runledger::ledger {
namespace {

// Stands for a scan that has ended: newer is greater.
constexpr RunPosition kOldest{std::numeric_limits<TimeNs>::min(), Seq(0)};

struct KeyRange {
  std::string from, to;
};

KeyRange key_range(const std::string& prefix, TimeRange range) {
  KeyRange keys{prefix, prefix};
  append_newest_first(keys.from, range.until);
  append_newest_first(keys.to, range.since);
  keys.to = end_of_prefix(std::move(keys.to));
  return keys;
}

}  // namespace

Result<RunScan> RunScan::open(const View& view, const Selection& selection) {
  RunScan scan(selection);
  if (selection.range.empty()) return scan;
  const std::string prefix = scope_key(indexed_scope(selection.scope));
  scan.prefix_size_ = prefix.size();
  const KeyRange keys = key_range(prefix, selection.range);
  if (selection.wanted != Wanted::hidden)
    scan.shown_ = view.scan(Family::index, keys.from, keys.to);
  // What is shown now needs no look at what is hidden, unless it is about the past.
  if (selection.wanted != Wanted::shown || selection.as_of)
    scan.hidings_ = view.scan(Family::retracted, keys.from, keys.to);
  RL_TRY_VOID(scan.settle());
  return scan;
}

Status RunScan::next() {
  if (current_in_index_) shown_->next();
  return settle();
}

Status RunScan::settle() {
  for (;;) {
    valid_ = false;
    const bool in_index = shown_ && shown_->valid();
    const bool in_hidings = hidings_ && hidings_->valid();
    if (!in_index && !in_hidings) {
      if (shown_) RL_TRY_VOID(shown_->status());
      if (hidings_) RL_TRY_VOID(hidings_->status());
      return {};
    }
    const auto position_in = [this](const Scan& scan) -> std::optional<RunPosition> {
      if (scan.key().size() < prefix_size_ + kRunPositionSize) return std::nullopt;
      return read_position(scan.key().substr(prefix_size_));
    };
    const auto shown = in_index ? position_in(*shown_) : kOldest;
    const auto hidden = in_hidings ? position_in(*hidings_) : kOldest;
    if (!shown || !hidden) return std::unexpected(damaged_row(Family::index));
    const RunPosition position = std::max(*shown, *hidden);
    current_in_index_ = in_index && *shown == position;
    hidden_ = !current_in_index_;
    if (in_hidings && *hidden == position) RL_TRY_VOID(read_hidings(position));
    current_ = position;
    const bool wanted =
        selection_.wanted == Wanted::all || (selection_.wanted == Wanted::hidden) == hidden_;
    RL_TRY(const bool matching, matches());
    if (wanted && matching) {
      valid_ = true;
      return {};
    }
    if (current_in_index_) shown_->next();
  }
}

Status RunScan::read_hidings(RunPosition position) {
  const Seq state = selection_.as_of.value_or(Seq(kStillHidden.value - 1));
  hidden_ = false;
  const std::string run(hidings_->key().substr(0, prefix_size_ + kRunPositionSize));
  for (; hidings_->valid() && hidings_->key().starts_with(run); hidings_->next()) {
    std::string_view rest;
    if (hidings_->key().size() != run.size() + 8 ||
        !decode_run_row(selection_.scope.group, position, hidings_->value(), rest))
      return std::unexpected(damaged_row(Family::retracted));
    const auto until = decode_hiding_end(rest);
    if (!until) return std::unexpected(damaged_row(Family::retracted));
    const Seq from(read_be64(hidings_->key().substr(run.size())));
    if (Hiding{.from = from, .until = *until}.covers(state)) hidden_ = true;
    value_ = hidings_->value();
  }
  return hidings_->valid() ? Status() : hidings_->status();
}

Result<RunRow> RunScan::row() const {
  std::string_view rest;
  auto row = decode_run_row(selection_.scope.group, current_,
                            current_in_index_ ? shown_->value() : std::string_view(value_), rest);
  if (!row || (current_in_index_ && !rest.empty()))
    return std::unexpected(damaged_row(Family::index));
  return *std::move(row);
}

Result<bool> RunScan::matches() const {
  if (!selection_.scope.sweep || !selection_.scope.strategy) return true;
  RL_TRY(const RunRow run, row());
  return run.strategy == *selection_.scope.strategy;
}

}  // namespace runledger::ledger
