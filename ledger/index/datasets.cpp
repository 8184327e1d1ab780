#include "digests.hpp"
#include "keys.hpp"
#include "lookup.hpp"
#include "projections.hpp"

namespace runledger::ledger {

Status project_datasets(const Step& step, Changes& changes) {
  const auto* imported = step.event.payload_as_DatasetImported();
  if (imported == nullptr) return {};
  RL_TRY(const Digest dataset, named_digest(step, imported->dataset(), "dataset"));
  RL_TRY_VOID(put_first(step, dataset_key(dataset), changes));
  const auto* ticker = imported->ticker();
  const auto* interval = imported->interval();
  std::string key = versions_prefix(ticker == nullptr ? std::string_view() : ticker->string_view());
  append_text(key, interval == nullptr ? std::string_view() : interval->string_view());
  append_newest_first(key, step.seq);
  std::string value(1, kValueVersion);
  value.append(text_of(dataset.bytes));
  changes.push_back({Family::lookup, std::move(key), std::move(value)});
  return {};
}

}  // namespace runledger::ledger
