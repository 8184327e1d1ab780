#pragma once

#include <optional>
#include <string>
#include <vector>

#include <runledger/app/figures.hpp>
#include <runledger/app/runs.hpp>
#include <runledger/cli/json.hpp>
#include <runledger/cli/table.hpp>
#include <runledger/cli/terminal.hpp>

namespace runledger::cli {

// How runs look: as JSON that scripts rely on (CLI.md), and to people.

// What is shown beside the recorded figures of a run: made when somebody looks.
struct BesideRun {
  std::optional<std::vector<app::MetricDetail>>
      buy_and_hold;                   // absent: the run or its data has none
  std::optional<app::Figures> asked;  // another convention, or other rates
};

Json run_json(const app::RunDetail& run, const BesideRun& beside = {});
// `[{"name":"fast","from":"10","to":"20"}]`, digests whole.
Json overrides_json(const std::vector<app::OverrideDetail>& overrides);

// What a run was and what came of it, on a screen's third: what `backtest` prints.
// Another convention takes the place of the figures.
std::string run_summary(const app::RunDetail& run, const Terminal& terminal,
                        const BesideRun& beside = {});
// Everything that is recorded about it: what `runs show` prints.
std::string run_report(const app::RunDetail& run, const Terminal& terminal,
                       const BesideRun& beside = {});

// Every figure in its group, with buy and hold in a second column; or those of another convention.
std::string metrics_text(const app::RunDetail& run, const BesideRun& beside,
                         const Terminal& terminal);
// The members `metrics`, `metrics_undefined`, `buy_and_hold`; `metrics_compat` under another
// convention, `metrics_asked` under other rates.
void add_metrics(Json& json, const app::RunDetail& run, const BesideRun& beside);

// Whether bars of this interval carry a time of day.
bool is_intraday(std::string_view interval);

// Where a plugin was built from: `REMOTE COMMIT, with changes that were not committed`.
std::string source_text(const std::string& remote, const std::string& commit, bool dirty);

// `fast=10 slow=30`.
std::string parameters_text(const std::vector<app::NamedValue>& parameters);

}  // namespace runledger::cli
