#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/cli/numbers.hpp>

#include "commands.hpp"

namespace runledger::cli {
namespace {

Json seqs_json(const std::vector<Seq>& seqs) {
  Json array = Json::array();
  for (const Seq seq : seqs) array.add(seq.value);
  return array;
}

std::string runs_text(const std::vector<Seq>& runs) {
  std::vector<std::string> ids;
  for (const Seq run : runs) ids.push_back(fmt::to_string(run.value));
  return (runs.size() == 1 ? "run " : "runs ") + join(ids, ", ");
}

Result<int> runs_retract(Session& session, const Arguments& arguments) {
  RL_TRY(const app::Context context, session.context());
  RL_TRY(const auto runs, resolve_runs(context, arguments.operands(), app::RunUse::change));
  RL_TRY(const app::VisibilityChange change,
         app::retract(context, runs, arguments.value("reason").value_or("")));
  if (session.json()) {
    session.print_json(Json::object(
        {{"retracted", seqs_json(change.runs)}, {"events", seqs_json(change.events)}}));
  } else {
    session.print("retracted " + runs_text(change.runs) + '\n');
    std::string restore = "runledger runs restore";
    for (const Seq run : change.runs) restore += fmt::format(" {}", run.value);
    session.say(fmt::format("hidden from lists; `{}` undoes it", restore));
  }
  return 0;
}

Result<int> runs_restore(Session& session, const Arguments& arguments) {
  RL_TRY(const app::Context context, session.context());
  RL_TRY(const auto runs, resolve_runs(context, arguments.operands(), app::RunUse::change));
  RL_TRY(const app::VisibilityChange change,
         app::restore(context, runs, arguments.value("reason").value_or("")));
  if (session.json()) {
    session.print_json(
        Json::object({{"restored", seqs_json(change.runs)}, {"events", seqs_json(change.events)}}));
  } else {
    session.print("restored " + runs_text(change.runs) + '\n');
  }
  return 0;
}

Operand id_operand() {
  return {.name = "RUN",
          .help = "A run by its id; `latest` is not taken here",
          .max = kOperandsUnlimited,
          .completes = Completes::run};
}

}  // namespace

Command runs_retract_command() {
  return {.name = "retract",
          .summary = "hide runs from lists, with a reason",
          .details =
              "The run's record stays, and counts wherever trials are counted; "
              "`runledger runs ls --retracted` lists what is hidden.",
          .operands = {id_operand()},
          .options = {{.name = "reason",
                       .value = "TEXT",
                       .help = "Why, for the record",
                       .required = true}},
          .examples = {{"runs retract 41 --reason \"wrong data\"", "hide run 41"}},
          .action = runs_retract};
}

Command runs_restore_command() {
  return {.name = "restore",
          .summary = "show retracted runs again",
          .operands = {id_operand()},
          .options = {{.name = "reason", .value = "TEXT", .help = "Why, for the record"}},
          .examples = {{"runs restore 41", "show run 41 again"}},
          .action = runs_restore};
}

}  // namespace runledger::cli
