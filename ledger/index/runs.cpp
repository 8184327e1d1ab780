#include "runs.hpp"

#include <runledger/base/bytes.hpp>

#include "projections.hpp"

namespace runledger::ledger {

std::vector<std::string> entry_keys(const RunFacts& run) {
  const std::vector<Scope> scopes = run.scopes();
  std::vector<std::string> keys;
  keys.reserve(scopes.size());
  for (const Scope& scope : scopes) {
    if (scope.sweep && scope.strategy) continue;  // indexed_scope(): read from another scope's
    keys.push_back(scope_key(scope));
    append_position(keys.back(), run.position());
  }
  return keys;
}

std::string hiding_key(std::string entry_key, Seq from) {
  append_be64(entry_key, from.value);
  return entry_key;
}

std::string encode_hiding(const std::string& row, Seq until) {
  ByteWriter writer;
  writer.raw(row).number(until.value);
  return std::string(text_of(writer.bytes()));
}

std::optional<Seq> decode_hiding_end(std::string_view rest) {
  ByteReader reader(bytes_of(rest));
  const Seq until(reader.number<std::uint64_t>());
  if (!reader.ok() || !reader.rest().empty()) return std::nullopt;
  return until;
}

Status project_runs(const Step& step, Changes& changes) {
  if (!step.run || step.visibility) return {};
  const std::string row = encode_run_row(step.run->row);
  for (std::string& key : entry_keys(*step.run))
    changes.push_back({Family::index, std::move(key), row});
  return {};
}

}  // namespace runledger::ledger
