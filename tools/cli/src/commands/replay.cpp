#include "commands.hpp"

namespace runledger::cli {
namespace {

Result<int> replay(Session& session, const Arguments& arguments) {
  RL_TRY(app::Context context, session.context());
  context.under = arguments.value("under");
  app::ReplayOptions options;
  options.run = arguments.operands().front();
  options.overrides = read_run_options(arguments);
  options.plugin_installed = arguments.value("plugin") == "installed";
  RL_TRY(const app::RunReceipt receipt, app::replay(context, options));
  return print_receipt(session, context, receipt, arguments);
}

std::vector<Option> options() {
  std::vector<Option> options = run_options();
  for (Option& option : options) {
    if (option.name == "data") {
      option.help =
          "Other data: T@DIGEST, or latest for the newest version; else what the run recorded";
    }
    if (option.name == "interval") option.help = "The length of a bar, 1m to 1mo";
  }
  options.push_back(compat_option());
  options.push_back({.name = "plugin",
                     .value = "WHICH",
                     .help = "The plugin: the file that the run recorded, or today's of that name",
                     .words = {"recorded", "installed"}});
  return options;
}

}  // namespace

Command replay_command() {
  return {.name = "replay",
          .summary = "run a recorded run again, with what you change, as a new run",
          .details =
              "What is not changed is the recorded run's own: plugin and data by content, "
              "parameters, dates, costs, size, account and seed. The first line says what "
              "differs. The old run stays as it is; the new one names it as its parent.",
          .operands = {run_operand(1)},
          .options = options(),
          .examples = {{"replay 41 -p fast=20", "run 41 with another parameter"},
                       {"replay latest --commission 0.001", "your last run with costs"},
                       {"replay 41 --data latest", "run 41 on today's data"}},
          .action = replay};
}

}  // namespace runledger::cli
