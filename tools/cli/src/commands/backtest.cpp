#include "commands.hpp"

namespace runledger::cli {
namespace {

Result<int> backtest(Session& session, const Arguments& arguments) {
  RL_TRY(app::Context context, session.context());
  context.under = arguments.value("under");
  RL_TRY(const app::RunReceipt receipt, app::backtest(context, read_run_options(arguments)));
  return print_receipt(session, context, receipt, arguments);
}

std::vector<Option> options() {
  std::vector<Option> options = run_options();
  for (Option& option : options) {
    option.required = option.name == "strategy" || option.name == "ticker";
  }
  options.push_back(compat_option());
  return options;
}

}  // namespace

Command backtest_command() {
  return {
      .name = "backtest",
      .summary = "run a strategy on a dataset and record the run",
      .details =
          "Prints what came out, once it is recorded. A run that fails (a crash, an exception, "
          "a timeout) is recorded too; the exit status is then 1. Without --from and --to the "
          "whole dataset is used; both ends are inclusive. --check-lookahead executes the run "
          "again with other futures, at most 51 times, and up to four times from a later start; "
          "the verdict is recorded with the run: passed, failed with the first bar that "
          "differs, or inconclusive, which is exit status 0 unless the run did not give the "
          "same again.",
      .options = options(),
      .examples = {{"backtest -s sma_cross -t AAPL", "on all the data, with usual values"},
                   {"backtest -s sma_cross -t AAPL --from 2015-01-01 --to 2019-12-31 -p fast=5 "
                    "-p slow=50 --commission 0.001",
                    "five years, other averages, a tenth of a percent for each order"},
                   {"backtest -s ./my.so -t AAPL --size units:100 --json",
                    "a strategy from a file, 100 units an order, for a script"},
                   {"backtest -s ./my.so -t AAPL --under \"gdb --args\"", "in a debugger"}},
      .action = backtest};
}

}  // namespace runledger::cli
