#include "commands.hpp"

namespace runledger::cli {
namespace {

std::vector<Option> global_options() {
  return {
      {.name = "ledger",
       .value = "DIR",
       .help = "The ledger; else RUNLEDGER, else runledger-data here or in the nearest parent "
               "folder",
       .completes = Completes::folder},
      {.name = "plugins",
       .value = "DIR",
       .help = "A folder of strategy plugins, searched before RUNLEDGER_PLUGINS and the installed "
               "one",
       .repeatable = true,
       .completes = Completes::folder},
      {.name = "json", .help = "Print one JSON document"},
      {.name = "csv", .help = "Print lists as CSV"},
      {.name = "actor",
       .value = "NAME",
       .help = "Who is recorded with what is written; else user@host"},
      {.name = "lock-timeout",
       .value = "SEC",
       .help = "How long to wait for a ledger that is in use (60)"},
      {.name = "no-color", .help = "Print without colour, as NO_COLOR does"},
      {.name = "quiet", .letter = 'q', .help = "Say nothing on stderr but errors"},
      {.name = "verbose", .letter = 'v', .help = "Tell on stderr what is looked at"},
      {.name = "yes", .help = "Answer every question with yes"},
      {.name = "help", .letter = 'h', .help = "Explain a command"},
      {.name = "version", .help = "Print the version"},
  };
}

Command data_group() {
  return {
      .name = "data",
      .summary = "import prices, and see what is there",
      .habits = {{"list", "there is no command `data list`; `runledger data ls` lists datasets"},
                 {"describe",
                  "there is no command `data describe`; `runledger data show T` "
                  "describes a dataset"},
                 {"add",
                  "there is no command `data add`; `runledger data import FILE` adds "
                  "prices"},
                 {"rm",
                  "a dataset is never removed, because runs were made from it; "
                  "`runledger data ls --all` shows every version"},
                 {"delete",
                  "a dataset is never removed, because runs were made from it; "
                  "`runledger data ls --all` shows every version"}},
      .commands = {data_import_command(), data_ls_command(), data_show_command(),
                   data_export_command()}};
}

Command strategies_group() {
  return {.name = "strategies",
          .summary = "list, describe, check and start strategies",
          .habits = {{"list",
                      "there is no command `strategies list`; `runledger strategies ls` "
                      "lists them"},
                     {"describe",
                      "there is no command `strategies describe`; `runledger "
                      "strategies show S` describes one"},
                     {"add",
                      "a strategy is added by putting its .so file into a folder that "
                      "--plugins names; `runledger strategies new NAME` starts one"},
                     {"create",
                      "there is no command `strategies create`; `runledger strategies "
                      "new NAME` starts one"},
                     {"test",
                      "there is no command `strategies test`; `runledger strategies check "
                      "S` tests one"}},
          .commands = {strategies_ls_command(), strategies_show_command(),
                       strategies_check_command(), strategies_new_command()}};
}

Command runs_group() {
  const std::string hide =
      "a run is never deleted: `runledger runs retract RUN --reason TEXT` hides it from lists and "
      "keeps its record";
  return {.name = "runs",
          .summary = "find runs, look at them, hide and restore them",
          .habits = {{"list", "there is no command `runs list`; `runledger runs ls` lists runs"},
                     {"describe",
                      "there is no command `runs describe`; `runledger runs show RUN` "
                      "describes a run"},
                     {"log",
                      "there is no command `runs log`; `runledger runs history RUN` tells "
                      "what became of a run, `runledger runs show RUN --log` what its "
                      "strategy logged"},
                     {"delete", hide},
                     {"rm", hide},
                     {"remove", hide},
                     {"undelete",
                      "there is no command `runs undelete`; `runledger runs restore "
                      "RUN` shows a retracted run again"}},
          .commands = {runs_ls_command(), runs_count_command(), runs_show_command(),
                       runs_history_command(), runs_retract_command(), runs_restore_command()}};
}

Command make_tree() {
  return {
      .name = "runledger",
      .summary = "run trading strategies on price data and keep every run for good",
      .details =
          "A backtest is a function of plugin, parameters, data, costs and seed. runledger keeps "
          "these inputs by content, runs the strategy in a process of its own, and appends what "
          "came out to a ledger: one directory, in which nothing is changed or deleted.\n"
          "A run is named by its id, or by `latest` or -1, your last. Times are ISO 8601 in UTC; "
          "a date as --to includes that day. Data goes to stdout, everything else to stderr. "
          "On a terminal a table leaves out the columns that do not fit, and says which; through a "
          "pipe it is whole.",
      .options = global_options(),
      .examples = {{"data import AAPL.csv", "import prices; the ticker is the file's name"},
                   {"backtest -s sma_cross -t AAPL -p fast=10 -p slow=30",
                    "run a strategy and record the run"},
                   {"runs show latest --chart", "look at the last run"},
                   {"replay latest -p fast=20", "run it again with another parameter"},
                   {"verify", "check that the ledger is whole"}},
      .habits = {{"list",
                  "there is no command `list`; `runledger runs ls` lists runs, `runledger "
                  "data ls` datasets, `runledger strategies ls` strategies"},
                 {"ls",
                  "there is no command `ls`; `runledger runs ls` lists runs, `runledger data "
                  "ls` datasets, `runledger strategies ls` strategies"},
                 {"show",
                  "there is no command `show`; `runledger runs show RUN` shows a run, "
                  "`runledger data show T` a dataset, `runledger strategies show S` a "
                  "strategy"},
                 {"run",
                  "there is no command `run`; `runledger backtest -s STRATEGY -t TICKER` "
                  "runs a strategy"},
                 {"delete",
                  "nothing is deleted from a ledger; `runledger runs retract RUN "
                  "--reason TEXT` hides a run"},
                 {"rm",
                  "nothing is deleted from a ledger; `runledger runs retract RUN --reason "
                  "TEXT` hides a run"},
                 {"log", "there is no command `log`; `runledger runs ls` lists runs, newest first"},
                 {"status",
                  "there is no command `status`; `runledger doctor` looks at the "
                  "installation and the ledger"},
                 {"fsck", "there is no command `fsck`; `runledger verify` checks the ledger"},
                 {"version", "there is no command `version`; `runledger --version` prints it"}},
      .commands = {init_command(), data_group(), strategies_group(), backtest_command(),
                   replay_command(), sweep_command(), runs_group(), verify_command(),
                   reindex_command(), doctor_command(), completion_command(), manual_command(),
                   complete_command()},
  };
}

}  // namespace

const Command& command_tree() {
  static const Command tree = make_tree();
  return tree;
}

}  // namespace runledger::cli
