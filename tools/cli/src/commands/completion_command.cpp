#include <runledger/cli/help.hpp>

#include "commands.hpp"

namespace runledger::cli {
namespace {

Result<int> completion(Session& session, const Arguments& arguments) {
  const std::string& shell = arguments.operands().front();
  session.print(completion_script(command_tree(), shell == "bash"  ? Shell::bash
                                                  : shell == "zsh" ? Shell::zsh
                                                                   : Shell::fish));
  return 0;
}

Result<int> manual(Session& session, const Arguments& /*arguments*/) {
  session.print(manual_page(command_tree(), RUNLEDGER_VERSION));
  return 0;
}

// Names for the completion scripts. Whatever goes wrong, a shell that completes is not disturbed.
Result<int> complete(Session& session, const Arguments& arguments) {
  const auto context = session.context();
  if (!context) return 0;
  const std::string& what = arguments.operands().front();
  if (what == "strategies") {
    if (const auto catalog = app::list_strategies(*context)) {
      for (const auto& strategy : catalog->strategies) session.print(strategy.name + '\n');
    }
  } else if (what == "tickers") {
    std::string before;
    if (const auto datasets = app::list_datasets(*context, false)) {
      for (const auto& dataset : *datasets) {
        if (dataset.ticker != before) session.print(dataset.ticker + '\n');
        before = dataset.ticker;
      }
    }
  } else if (const auto page = app::list_runs(*context, {})) {
    for (const auto& run : page->runs) session.print(std::to_string(run.id.value) + '\n');
  }
  return 0;
}

}  // namespace

Command completion_command() {
  return {.name = "completion",
          .summary = "print a script that completes commands in a shell",
          .operands = {{.name = "SHELL",
                        .help = "The shell",
                        .words = {"bash", "zsh", "fish"},
                        .objection = "there is no completion for the shell `{}`; bash, zsh and "
                                     "fish have one"}},
          .examples = {{"completion bash > ~/.local/share/bash-completion/completions/runledger",
                        "for bash"},
                       {"completion zsh > ~/.zfunc/_runledger", "for zsh, with ~/.zfunc in fpath"},
                       {"completion fish > ~/.config/fish/completions/runledger.fish", "for fish"}},
          .action = completion};
}

Command manual_command() {
  return {.name = "manual",
          .summary = "print the manual page",
          .examples = {{"manual | man -l -", "read it"}},
          .action = manual};
}

Command complete_command() {
  return {.name = "complete",
          .summary = "list names for completion scripts",
          .operands = {{.name = "WHAT",
                        .help = "What to list",
                        .words = {"strategies", "tickers", "runs"}}},
          .hidden = true,
          .action = complete};
}

}  // namespace runledger::cli
