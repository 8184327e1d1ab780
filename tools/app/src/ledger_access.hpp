#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <runledger/app/context.hpp>
#include <runledger/base/digest.hpp>
#include <runledger/ledger/ledger.hpp>

namespace runledger::app {

// A reader of the context's ledger. Errors: not_found with the way to make one, and the reader's.
Result<ledger::Reader> open_reader(const Context& context);

// The context's waiting time and notices.
ledger::AppendOptions append_options(const Context& context);
Result<ledger::Recorded> append(const Context& context, std::vector<ledger::PendingEvent> events);

// Calls `write` with the folder of the context's ledger. When there is no ledger, `write` gets a
// new one that takes its place only if `write` says that it recorded something: a command that
// fails makes none, and nobody sees half of one. `write` may be called a second time, when another
// process made the ledger meanwhile.
using LedgerWriter = std::function<Result<bool>(const std::filesystem::path& ledger)>;
Status with_ledger(const Context& context, const LedgerWriter& write);

// The only digest among `candidates` that starts with `prefix` (6 to 64 hex digits).
// Errors: invalid_input (too short, no hex, several), not_found. `what` names the kind: "dataset".
Result<Digest> unique_digest(std::string_view what, std::string_view prefix,
                             const std::vector<Digest>& candidates);

// The first 12 digits, for people.
std::string short_digest(const Digest& digest);

}  // namespace runledger::app
