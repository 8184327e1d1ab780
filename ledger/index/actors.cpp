#include "lookup.hpp"
#include "projections.hpp"

namespace runledger::ledger {
namespace {

// What `latest` may name: runs that somebody asked for one by one.
bool is_single(RunGroup group) { return group == RunGroup::listed || group == RunGroup::failed; }

}  // namespace

Status project_actors(const Step& step, Changes& changes) {
  if (!step.run || !is_single(step.run->row.group)) return {};
  std::string key = actor_prefix(step.run->actor);
  append_newest_first(key, step.run->row.id);
  std::optional<std::string> value;
  if (step.visibility != Visibility::hidden) value = encode_seq(step.run->row.id);
  changes.push_back({Family::lookup, std::move(key), std::move(value)});
  return {};
}

}  // namespace runledger::ledger
