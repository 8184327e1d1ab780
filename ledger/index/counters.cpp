#include "counters.hpp"

#include <runledger/base/bytes.hpp>
#include <runledger/base/check.hpp>

#include "keys.hpp"
#include "projections.hpp"

namespace runledger::ledger {
namespace {

constexpr char kNowTag = 'n';
constexpr char kBlockTag = 'b';
constexpr char kChangeTag = 'c';

// With room for the number that may follow.
std::string tagged_key(std::string_view scope, char tag) {
  std::string key;
  key.reserve(scope.size() + 1 + sizeof(std::uint64_t));
  return key.append(scope).append(1, tag);
}

// The rows of one scope that counting a run changes.
struct ScopeRows {
  RunCounts* now = nullptr;
  RunCounts* block = nullptr;  // of the run
};

// `key` is the scope's.
Result<ScopeRows> rows_of(std::string key, Seq run, CounterRows& counters) {
  key.push_back(kNowTag);
  RL_TRY(RunCounts* const now, counters.row(key));
  key.back() = kBlockTag;
  append_be64(key, ~block_of(run));
  RL_TRY(RunCounts* const block, counters.row(key));
  return ScopeRows{now, block};
}

void count_recorded(ScopeRows rows) { rows.block->total = ++rows.now->total; }

Status count_visibility(ScopeRows rows, Visibility visibility) {
  if (visibility == Visibility::hidden) {
    ++rows.now->hidden;
    ++rows.block->hidden;
    return {};
  }
  if (rows.now->hidden == 0 || rows.block->hidden == 0)
    return std::unexpected(damaged_row(Family::counters));
  --rows.now->hidden;
  --rows.block->hidden;
  return {};
}

}  // namespace

std::string now_key(std::string_view scope) { return tagged_key(scope, kNowTag); }

std::string block_key(std::string_view scope, std::uint64_t block) {
  std::string key = tagged_key(scope, kBlockTag);
  append_be64(key, ~block);
  return key;
}

std::string change_key(std::string_view scope, Seq change) {
  std::string key = tagged_key(scope, kChangeTag);
  append_newest_first(key, change);
  return key;
}

std::string encode_counts(RunCounts counts) {
  return encode_numbers({counts.total, counts.hidden});
}

std::optional<RunCounts> decode_counts(std::string_view value) {
  ByteReader reader(bytes_of(value));
  if (reader.number<char>() != kValueVersion) return std::nullopt;
  RunCounts counts;
  counts.total = reader.number<std::uint64_t>();
  counts.hidden = reader.number<std::uint64_t>();
  if (!reader.ok() || !reader.rest().empty()) return std::nullopt;
  return counts;
}

Error damaged_row(Family family) {
  return {ErrorCode::damaged, std::string("A row of the ") +
                                  (family == Family::counters ? "counters"
                                   : family == Family::lookup ? "lookup tables"
                                                              : "run indexes") +
                                  " is not what this version writes. Run `runledger verify`, then "
                                  "`runledger reindex`."};
}

Result<RunCounts> read_counts(const View& view, std::string_view key) {
  RL_TRY(const auto row, view.get(Family::counters, key));
  if (!row) return RunCounts{};
  const auto counts = decode_counts(*row);
  if (!counts) return std::unexpected(damaged_row(Family::counters));
  return *counts;
}

Status project_counters(const Step& step, Changes& changes) {
  if (!step.run) return {};
  for (const Scope& scope : step.run->scopes()) {
    RL_TRY(const ScopeRows rows, rows_of(scope_key(scope), step.run->row.id, step.counters));
    if (!step.visibility) {
      count_recorded(rows);
      continue;
    }
    RL_TRY_VOID(count_visibility(rows, *step.visibility));
    changes.push_back(
        {Family::counters, change_key(scope_key(scope), step.seq), encode_counts(*rows.now)});
  }
  return {};
}

}  // namespace runledger::ledger
