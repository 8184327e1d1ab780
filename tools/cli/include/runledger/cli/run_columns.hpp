#pragma once

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
  Json (*value)(const app::RunRow&);
  Cell (*cell)(const app::RunRow&);
  bool usual;           // in the table unless --columns says otherwise
  bool figure = false;  // of completed runs only
};

// In the order of the contract's JSON.
std::span<const RunColumn> run_columns();

// The columns that `names` (separated by commas) asks for. Errors: invalid_input (unknown: with the
// nearest; one twice).
Result<std::vector<const RunColumn*>> choose_columns(const std::string& names);

}  // namespace runledger::cli
