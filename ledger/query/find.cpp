#include <algorithm>

#include <runledger/base/bytes.hpp>

#include "counters.hpp"
#include "keys.hpp"
#include "lookup.hpp"
#include "query.hpp"

namespace runledger::ledger {
namespace {

std::optional<DatasetVersion> decode_version(std::string_view key, std::string_view value) {
  key.remove_prefix(versions_prefix(std::nullopt).size());
  auto ticker = take_text(key);
  if (!ticker) return std::nullopt;
  auto interval = take_text(key);
  if (!interval || key.size() != 8) return std::nullopt;
  DatasetVersion version{.imported = Seq(~read_be64(key)),
                         .ticker = *std::move(ticker),
                         .interval = *std::move(interval),
                         .dataset = {}};
  if (value.size() != 1 + version.dataset.bytes.size() || value.front() != kValueVersion)
    return std::nullopt;
  std::ranges::copy(bytes_of(value.substr(1)), version.dataset.bytes.begin());
  return version;
}

}  // namespace

Result<std::optional<Seq>> retracted_by(const View& view, Seq run) {
  return read_seq(view, hidden_key(run));
}

Result<std::vector<Seq>> events_about(const View& view, Seq run) {
  const std::string prefix = about_prefix(run);
  std::vector<Seq> events;
  const auto scan = view.scan(Family::lookup, prefix, end_of_prefix(prefix));
  for (; scan->valid(); scan->next()) {
    if (scan->key().size() != prefix.size() + 8)
      return std::unexpected(damaged_row(Family::lookup));
    events.emplace_back(read_be64(scan->key().substr(prefix.size())));
  }
  RL_TRY_VOID(scan->status());
  return events;
}

Result<std::vector<DatasetVersion>> find_datasets(const View& view,
                                                  const std::optional<std::string>& ticker) {
  const std::string prefix = versions_prefix(ticker);
  std::vector<DatasetVersion> versions;
  const auto scan = view.scan(Family::lookup, prefix, end_of_prefix(prefix));
  for (; scan->valid(); scan->next()) {
    auto version = decode_version(scan->key(), scan->value());
    if (!version) return std::unexpected(damaged_row(Family::lookup));
    versions.push_back(*std::move(version));
  }
  RL_TRY_VOID(scan->status());
  return versions;
}

Result<std::optional<Seq>> dataset_event(const View& view, const Digest& dataset) {
  return read_seq(view, dataset_key(dataset));
}
Result<std::optional<Seq>> plugin_event(const View& view, const Digest& plugin) {
  return read_seq(view, plugin_key(plugin));
}
Result<std::optional<Seq>> runtime_event(const View& view, const Digest& runtime) {
  return read_seq(view, runtime_key(runtime));
}
Result<std::optional<Seq>> find_request(const View& view, std::string_view request_id) {
  return read_seq(view, request_key(request_id));
}

Result<std::optional<Seq>> latest_run(const View& view, std::string_view actor) {
  const std::string prefix = actor_prefix(actor);
  const auto scan = view.scan(Family::lookup, prefix, end_of_prefix(prefix));
  if (!scan->valid()) {
    RL_TRY_VOID(scan->status());
    return std::nullopt;
  }
  if (scan->key().size() != prefix.size() + 8) return std::unexpected(damaged_row(Family::lookup));
  return Seq(~read_be64(scan->key().substr(prefix.size())));
}

}  // namespace runledger::ledger
