#include <fmt/format.h>

#include <runledger/app/maintenance.hpp>

#include "commands.hpp"

namespace runledger::cli {
namespace {

Result<int> init(Session& session, const Arguments& arguments) {
  RL_TRY(app::Context context, session.context());
  const std::string ledger = context.ledger.string();
  context.on_notice = nullptr;  // that it was made is this command's answer
  RL_TRY_VOID(app::init(context, arguments.value("origin").value_or("")));
  if (session.json()) {
    session.print_json(Json::object({{"ledger", ledger}}));
  } else {
    session.print(fmt::format("made a new ledger at {}\n", ledger));
    session.say("next: runledger data import FILE");
  }
  return 0;
}

}  // namespace

Command init_command() {
  return {.name = "init",
          .summary = "make a ledger",
          .details =
              "Every command that writes makes the ledger when there is none; this one "
              "makes it empty, and with a name of your choice.",
          .options = {{.name = "origin",
                       .value = "NAME",
                       .help = "The ledger's name in its proofs, such as example.com/research; "
                               "else chosen"}},
          .examples = {{"init", "make ./runledger-data"},
                       {"--ledger ~/research init --origin example.com/research",
                        "make a named ledger elsewhere"}},
          .action = init};
}

}  // namespace runledger::cli
