#pragma once

#include <string>
#include <vector>

#include <runledger/app/runs.hpp>
#include <runledger/cli/json.hpp>
#include <runledger/cli/table.hpp>
#include <runledger/cli/terminal.hpp>

namespace runledger::cli {

// How runs look: as JSON that scripts rely on (CLI.md), and to people.

Json run_json(const app::RunDetail& run);
// `[{"name":"fast","from":"10","to":"20"}]`, digests whole.
Json overrides_json(const std::vector<app::OverrideDetail>& overrides);

// What a run was and what came of it, on a screen's third: what `backtest` prints.
std::string run_summary(const app::RunDetail& run, const Terminal& terminal);
// Everything that is recorded about it: what `runs show` prints.
std::string run_report(const app::RunDetail& run, const Terminal& terminal);

// Whether bars of this interval carry a time of day.
bool is_intraday(std::string_view interval);

// Where a plugin was built from: `REMOTE COMMIT, with changes that were not committed`.
std::string source_text(const std::string& remote, const std::string& commit, bool dirty);

// `fast=10 slow=30`.
std::string parameters_text(const std::vector<app::NamedValue>& parameters);

}  // namespace runledger::cli
