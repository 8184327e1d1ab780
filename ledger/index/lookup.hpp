#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <runledger/base/digest.hpp>
#include <runledger/base/result.hpp>
#include <runledger/base/types.hpp>
#include <runledger/ledger/view.hpp>

namespace runledger::ledger {

// Rows of Family::lookup: which event something is about. Format: ledger/FORMAT.md, "Lookup".

std::string request_key(std::string_view request_id);
std::string dataset_key(const Digest& dataset);
std::string plugin_key(const Digest& plugin);
std::string runtime_key(const Digest& runtime);
// The retraction that hides a run now.
std::string hidden_key(Seq run);
// Events about a run: all keys with this prefix, then the event's seq as be64.
std::string about_prefix(Seq run);
// Shown single runs of an actor, newest first: the prefix, then the run.
std::string actor_prefix(std::string_view actor);
// Versions of a ticker's data: the prefix, the interval as a text, then the import, newest first.
std::string versions_prefix(std::optional<std::string_view> ticker);

// A value that names an event.
std::string encode_seq(Seq seq);
// The event that a row names. Errors: damaged, io.
Result<std::optional<Seq>> read_seq(const View& view, std::string_view key);

}  // namespace runledger::ledger
