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

void put(Changes& changes, std::string key, RunCounts counts) {
  changes.push_back({Family::counters, std::move(key), encode_counts(counts)});
}

Status count_recorded(const std::string& scope, Seq run, const View& before, Changes& changes) {
  std::string total = now_key(scope);
  RL_TRY(RunCounts now, read_counts(before, total));
  std::string block = block_key(scope, block_of(run));
  RunCounts in_block;
  if (now.hidden > 0) {
    RL_TRY(in_block, read_counts(before, block));
  }
  ++now.total;
  put(changes, std::move(total), now);
  put(changes, std::move(block), {.total = now.total, .hidden = in_block.hidden});
  return {};
}

Status count_visibility(const std::string& scope, Seq run, Seq change, bool hides,
                        const View& before, Changes& changes) {
  RL_TRY(RunCounts now, read_counts(before, now_key(scope)));
  std::string block = block_key(scope, block_of(run));
  RL_TRY(RunCounts in_block, read_counts(before, block));
  if (!hides && (now.hidden == 0 || in_block.hidden == 0))
    return std::unexpected(damaged_row(Family::counters));
  now.hidden = hides ? now.hidden + 1 : now.hidden - 1;
  in_block.hidden = hides ? in_block.hidden + 1 : in_block.hidden - 1;
  put(changes, now_key(scope), now);
  put(changes, std::move(block), in_block);
  put(changes, change_key(scope, change), now);
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
    const std::string key = scope_key(scope);
    const Seq run = step.run->row.id;
    RL_TRY_VOID(step.visibility
                    ? count_visibility(key, run, step.seq, *step.visibility == Visibility::hidden,
                                       step.before, changes)
                    : count_recorded(key, run, step.before, changes));
  }
  return {};
}

}  // namespace runledger::ledger
