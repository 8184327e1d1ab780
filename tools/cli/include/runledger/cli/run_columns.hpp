#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include <runledger/app/runs.hpp>
#include <runledger/base/result.hpp>
#include <runledger/cli/json.hpp>
#include <runledger/cli/table.hpp>

namespace runledger::cli {

// A field of a line of `runs ls`: its name in JSON and CSV, and how people read it.
struct RunColumn {
  std::string name;
  Column column;
  std::function<Json(const app::RunRow&)> value;
  std::function<Cell(const app::RunRow&)> cell;
  bool usual;           // in the table unless --columns says otherwise
  bool figure = false;  // of completed runs only
  bool recorded =
      false;  // of the run's event: read_figures() before it is shown; only when asked for
};

// In the order of the contract's JSON; behind them every other figure that runs record.
std::span<const RunColumn> run_columns();

// Null when there is none of that name.
const RunColumn* find_column(std::string_view name);
// For an error about a name that is none: `; did you mean pnl?; there are id, ...`.
std::string columns_there_are(std::string_view instead_of);

// The columns that `names` (separated by commas) asks for. Errors: invalid_input (unknown: with the
// nearest; one twice).
Result<std::vector<const RunColumn*>> choose_columns(const std::string& names);

}  // namespace runledger::cli
