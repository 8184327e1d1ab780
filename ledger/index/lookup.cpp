#include "lookup.hpp"

#include <runledger/base/bytes.hpp>

#include "counters.hpp"
#include "keys.hpp"

namespace runledger::ledger {
namespace {

constexpr char kAboutTag = 'a';
constexpr char kDatasetTag = 'd';
constexpr char kHiddenTag = 'h';
constexpr char kActorTag = 'l';
constexpr char kPluginTag = 'p';
constexpr char kRequestTag = 'q';
constexpr char kRuntimeTag = 'r';
constexpr char kVersionsTag = 'v';

std::string digest_key(char tag, const Digest& digest) {
  std::string key(1, tag);
  key.append(text_of(digest.bytes));
  return key;
}

std::string run_key(char tag, Seq run) {
  std::string key(1, tag);
  append_be64(key, run.value);
  return key;
}

}  // namespace

std::string request_key(std::string_view request_id) {
  std::string key;
  key.reserve(1 + request_id.size());
  return key.append(1, kRequestTag).append(request_id);
}
std::string dataset_key(const Digest& dataset) { return digest_key(kDatasetTag, dataset); }
std::string plugin_key(const Digest& plugin) { return digest_key(kPluginTag, plugin); }
std::string runtime_key(const Digest& runtime) { return digest_key(kRuntimeTag, runtime); }
std::string hidden_key(Seq run) { return run_key(kHiddenTag, run); }
std::string about_prefix(Seq run) { return run_key(kAboutTag, run); }

std::string actor_prefix(std::string_view actor) {
  std::string key;
  key.reserve(1 + actor.size() + 2 + sizeof(std::uint64_t));
  key.push_back(kActorTag);
  append_text(key, actor);
  return key;
}

std::string versions_prefix(std::optional<std::string_view> ticker) {
  std::string key(1, kVersionsTag);
  if (ticker) append_text(key, *ticker);
  return key;
}

std::string encode_seq(Seq seq) { return encode_numbers({seq.value}); }

Result<std::optional<Seq>> read_seq(const View& view, std::string_view key) {
  RL_TRY(const auto row, view.get(Family::lookup, key));
  if (!row) return std::nullopt;
  ByteReader reader(bytes_of(*row));
  const bool known = reader.number<char>() == kValueVersion;
  const Seq seq(reader.number<std::uint64_t>());
  if (!known || !reader.ok() || !reader.rest().empty())
    return std::unexpected(damaged_row(Family::lookup));
  return seq;
}

}  // namespace runledger::ledger
