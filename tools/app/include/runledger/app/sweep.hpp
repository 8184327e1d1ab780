#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <runledger/app/backtest.hpp>
#include <runledger/app/context.hpp>
#include <runledger/base/types.hpp>

namespace runledger::app {

// Many runs of one strategy: over ranges of its parameters, over several tickers, or both. Values
// are texts as typed (CLI.md, `sweep`).
struct SweepOptions {
  // What every trial is made with; its ticker, parameters, sweep and request id are not looked at.
  RunOptions run;
  std::vector<std::string> tickers;      // at least one
  std::vector<std::string> parameters;   // `fast=5:50:5`, `slow=20,50,100`, `slow`
  std::vector<std::string> constraints;  // `fast < slow`
  std::optional<std::string> random;     // so many combinations, chosen by chance
  std::optional<std::string> jobs;       // workers at once; else one a processor
  std::optional<std::string> name;       // of a new sweep; else it is chosen
  std::optional<std::string> resume;  // a sweep that was begun: what it recorded is not run again
  std::string objective = "sharpe_ratio";  // a key of a metric
  bool minimize = false;                   // the least of it is the best
  std::size_t top = 10;                    // how many of the best are told
  std::optional<std::string> heatmap_x = {},
                             heatmap_y = {};  // parameters; else the first two swept
};

// A trial that was recorded and completed.
struct SweepTrial {
  Seq id{};
  std::string ticker;
  std::vector<std::string> values;                            // of the swept parameters
  double objective = 0;                                       // NaN: undefined
  double return_pct = 0, sharpe_ratio = 0, max_drawdown = 0;  // NaN: undefined
  std::uint64_t total_trades = 0;
};

// The best objective for each pair of values; NaN where nothing completed.
struct SweepHeatmap {
  std::string x, y;                             // names of parameters
  std::vector<std::string> x_values, y_values;  // in the order in which they were tried
  std::vector<double> best;                     // row by row: y_values.size() * x_values.size()
};

struct SweepReport {
  std::string id;
  std::string objective;
  bool minimized = false;
  std::vector<std::string> parameters;  // that were swept
  std::uint64_t trials = 0;             // that were asked for
  std::uint64_t recorded = 0;           // now, completed and failed
  std::uint64_t recorded_before = 0;    // of a sweep that is resumed
  std::uint64_t failed = 0;             // of both
  std::uint64_t refused = 0;            // by the strategy itself; not recorded
  std::string first_failure, first_refusal;
  double seconds = 0;
  bool interrupted = false;
  bool gave_up = false;         // since all that was tried failed
  std::vector<SweepTrial> top;  // best first
  std::optional<SweepHeatmap> heatmap;
};

// Runs the trials on several workers and records each as a normal run of the sweep; when it
// returns, all that it tells is durable. Interrupted, it tells what was recorded until then.
//
// Errors: those of backtest() for what is common to all trials; invalid_input (ranges, constraints,
//         an objective that is none), too_large, conflict (the name is taken; the sweep was begun
//         with another build of the plugin; another process is at it), not_found (no such sweep).
Result<SweepReport> sweep(const Context& context, const SweepOptions& options);

}  // namespace runledger::app
