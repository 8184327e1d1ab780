#pragma once

#include <string>
#include <vector>

#include <runledger/app/backtest.hpp>
#include <runledger/app/datasets.hpp>
#include <runledger/app/figures.hpp>
#include <runledger/app/runs.hpp>
#include <runledger/app/strategies.hpp>
#include <runledger/cli/arguments.hpp>
#include <runledger/cli/command.hpp>
#include <runledger/cli/listing.hpp>
#include <runledger/cli/run_view.hpp>
#include <runledger/cli/session.hpp>

// One function a command, each in the file of its name, and what several of them share.
namespace runledger::cli {

Command init_command();
Command data_import_command();
Command data_ls_command();
Command data_show_command();
Command data_export_command();
Command strategies_ls_command();
Command strategies_show_command();
Command strategies_check_command();
Command strategies_new_command();
Command backtest_command();
Command replay_command();
Command sweep_command();
Command runs_ls_command();
Command runs_count_command();
Command runs_show_command();
Command runs_history_command();
Command runs_retract_command();
Command runs_restore_command();
Command verify_command();
Command reindex_command();
Command doctor_command();
Command completion_command();
Command manual_command();
Command complete_command();

// What may be said about a run, by `backtest` and by `replay`.
std::vector<Option> run_options();
app::RunOptions read_run_options(const Arguments& arguments);
// Prints a run that was just recorded, after checking it for looking ahead if --check-lookahead
// asks; the exit status says whether it completed, gave the same again and was not found to look
// ahead.
Result<int> print_receipt(Session& session, const app::Context& context,
                          const app::RunReceipt& receipt, const Arguments& arguments);

// How the figures of a run are measured: of a run that is recorded, and of one that is being made.
std::vector<Option> figure_options();
Option compat_option();
app::FigureRequest read_figure_request(const Arguments& arguments);
// Buy and hold, and what was asked for. Whatever buy and hold lacks is said, and no error.
Result<BesideRun> read_beside(Session& session, const app::Context& context,
                              const app::RunDetail& run, const Arguments& arguments);

// Which runs, by `runs ls` and `runs count`.
std::vector<Option> filter_options();
app::RunQuery read_filter(const Arguments& arguments);

// The operand of commands that take runs.
Operand run_operand(std::size_t max);
Result<std::vector<Seq>> resolve_runs(const app::Context& context,
                                      const std::vector<std::string>& texts, app::RunUse use);

// Columns of a file that were applied: `Stock Splits (2 splits) and Dividends (31 dividends)`.
Json applied_json(const std::vector<app::AppliedReport>& applied);
std::string applied_text(const std::vector<app::AppliedReport>& applied);
Listing dataset_listing(const std::vector<app::DatasetSummary>& datasets, bool with_state);
Json strategy_json(const app::StrategySummary& strategy);
Json finding_json(const app::CheckFinding& finding);
std::string parameter_table(const app::StrategySummary& strategy, const Terminal& terminal);

}  // namespace runledger::cli
