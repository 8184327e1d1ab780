#include <algorithm>

#include <fmt/format.h>

#include <runledger/app/maintenance.hpp>
#include <runledger/base/time.hpp>
#include <runledger/cli/numbers.hpp>

#include "commands.hpp"

namespace runledger::cli {
namespace {

using Level = app::DoctorFinding::Level;

struct LevelWords {
  std::string_view name, shown;
  Tone tone;
};

LevelWords words_of(Level level) {
  switch (level) {
    case Level::fine:
      return {"fine", "fine", Tone::good};
    case Level::warning:
      return {"warning", "look", Tone::notice};
    case Level::broken:
      return {"broken", "broken", Tone::bad};
  }
  return {};
}

// Damage is told by the status that every command gives it.
int status_of(const std::vector<app::DoctorFinding>& findings) {
  const auto damaged = [](const app::DoctorFinding& finding) {
    return finding.error == ErrorCode::damaged || finding.error == ErrorCode::rolled_back;
  };
  if (std::ranges::any_of(findings, damaged)) return exit_status(ErrorCode::damaged);
  const bool broken = std::ranges::count(findings, Level::broken, &app::DoctorFinding::level) > 0;
  return broken ? exit_status(ErrorCode::differs) : 0;
}

Listing listing_of(const std::vector<app::DoctorFinding>& findings) {
  Listing listing({{"level", {""}}, {"what", {""}}, {"text", {""}}, {"code", {}, false}});
  for (const app::DoctorFinding& finding : findings) {
    const LevelWords words = words_of(finding.level);
    listing.add({{words.name, {std::string(words.shown), words.tone}},
                 {finding.what, {finding.what, Tone::strong}},
                 {finding.text, {finding.text}},
                 {finding.error ? Json(error_name(*finding.error)) : Json()}});
  }
  return listing;
}

Json head_json(const ledger::LogHead& head) {
  return Json::object({{"size", head.size.value}, {"root", head.root.hex()}});
}

std::string head_text(const ledger::LogHead& head) {
  return fmt::format("{}, root {}", counted(head.size.value, "event"), head.root.hex());
}

// What HEAD says and what it would say, so that a person can decide.
std::string proposal_text(const app::HeadProposal& proposal, const Terminal& terminal) {
  const std::string now = proposal.present ? head_text(*proposal.present) : "cannot be read";
  std::string text = render_pairs({{"HEAD says", {now}},
                                   {"the log holds", {head_text(proposal.proposed)}},
                                   {"newest event",
                                    {fmt::format("{}, recorded {}", proposal.newest.value,
                                                 format_created_at(proposal.recorded_at))}}},
                                  terminal);
  if (proposal.present && proposal.present->size > proposal.proposed.size) {
    const std::uint64_t lost = proposal.present->size.value - proposal.proposed.size.value;
    text += paint(fmt::format("{} that {} acknowledged would be given up; restore a backup if "
                              "there is one",
                              counted(lost, "event"), lost == 1 ? "was" : "were"),
                  Tone::bad, terminal) +
            '\n';
  }
  return text;
}

Result<int> repair(Session& session, const app::Context& context) {
  RL_TRY(const app::HeadProposal proposal, app::propose_head(context));
  if (proposal.present && proposal.present->size == proposal.proposed.size &&
      proposal.present->root == proposal.proposed.root) {
    if (session.json())
      session.print_json(Json::object({{"head", head_json(proposal.proposed)}}));
    else
      session.print("HEAD says what the log holds; there is nothing to repair\n");
    return 0;
  }
  if (!session.json()) session.print(proposal_text(proposal, session.terminal()));
  RL_TRY(const bool agreed, session.confirm("Believe the log, and replace HEAD?"));
  if (!agreed) {
    session.say("nothing was changed");
    return exit_status(ErrorCode::differs);
  }
  RL_TRY_VOID(app::repair_head(context, proposal));
  if (session.json()) {
    session.print_json(Json::object({{"head", head_json(proposal.proposed)}}));
  } else {
    session.print("HEAD was replaced; next: runledger verify\n");
  }
  return 0;
}

Result<int> doctor(Session& session, const Arguments& arguments) {
  RL_TRY(const app::Context context, session.context());
  if (arguments.has("repair-head")) return repair(session, context);
  const auto findings = app::doctor(context);
  const auto broken = static_cast<std::uint64_t>(
      std::ranges::count(findings, Level::broken, &app::DoctorFinding::level));
  const Listing listing = listing_of(findings);
  if (session.json()) {
    session.print_json(Json::object({{"ok", broken == 0}, {"findings", listing.json()}}));
  } else {
    listing.print(session, "findings");
    session.print(broken == 0
                      ? "everything that a run needs is there\n"
                      : fmt::format("{} broken\n", counted(broken, "thing is", "things are")));
  }
  return status_of(findings);
}

}  // namespace

Command doctor_command() {
  return {
      .name = "doctor",
      .summary = "look at everything that a run needs, and say what is wrong",
      .details =
          "The program, its worker, the plugins, the cache, the ledger and the room on "
          "the disk. Nothing is written. Exits with 1 when something is broken, and with 3 when "
          "the ledger is damaged or was rolled back.",
      .options = {{.name = "repair-head",
                   .help = "Show what HEAD, the record of what was acknowledged, would say "
                           "if the log is believed, and replace it when that is confirmed"}},
      .examples = {{"doctor", "when something does not work"},
                   {"doctor --repair-head", "when `verify` finds only HEAD damaged"}},
      .prints_table = true,
      .action = doctor};
}

}  // namespace runledger::cli
