#include <fmt/format.h>

#include <runledger/base/time.hpp>
#include <runledger/cli/run_view.hpp>

#include "commands.hpp"

namespace runledger::cli {
namespace {

Listing listing_of(const std::vector<app::HistoryEntry>& entries) {
  Listing listing({{"event", {"event", Align::right}},
                   {"at", {"at (UTC)"}},
                   {"actor", {"by", Align::left, true, 1}},
                   {"what", {"what"}, false},
                   {"text", {"what", Align::left, true}},
                   {"changes", {"changes"}, false}});
  for (const app::HistoryEntry& entry : entries) {
    const std::string at = format_created_at(entry.at);
    std::string shown = at.substr(0, 19);
    shown[10] = ' ';
    listing.add({{entry.event.value, {fmt::to_string(entry.event.value), Tone::strong}},
                 {at, {shown}},
                 {entry.actor, {entry.actor}},
                 {entry.what},
                 {entry.text, {entry.text}},
                 {overrides_json(entry.changes)}});
  }
  return listing;
}

Result<int> runs_history(Session& session, const Arguments& arguments) {
  RL_TRY(const app::Context context, session.context());
  RL_TRY(const Seq id, app::resolve_run(context, arguments.operands().front(), app::RunUse::read));
  RL_TRY(const auto entries, app::history(context, id));
  const Listing listing = listing_of(entries);
  if (session.json()) {
    session.print_json(Json::object({{"run", id.value}, {"history", listing.json()}}));
  } else {
    listing.print(session, "history");
  }
  return 0;
}

}  // namespace

Command runs_history_command() {
  return {.name = "history",
          .summary = "tell what a run came from and what became of it",
          .details =
              "Its ancestors, the run itself, and everything recorded about it since: "
              "replays, retractions, restorations, checks.",
          .operands = {run_operand(1)},
          .examples = {{"runs history 41", "who did what with run 41"}},
          .prints_table = true,
          .action = runs_history};
}

}  // namespace runledger::cli
