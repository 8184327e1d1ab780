#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <runledger/app/context.hpp>
#include <runledger/base/types.hpp>

namespace runledger::app {

// Everything that one may say about a run, as texts as typed (CLI.md, `backtest`). What is absent
// has its usual value; in a replay, the parent's.
struct RunOptions {
  std::optional<std::string> strategy;  // a name, or a file
  std::optional<std::string> ticker;
  std::optional<std::string> interval;  // `1d`
  std::optional<std::string>
      data;  // `T@DIGEST`, `@DIGEST`, `DIGEST`; `latest`, `recorded` in a replay
  std::optional<std::string> from, to;  // ISO 8601; a date as `to` includes that day
  std::optional<std::string> cash;      // 10000
  std::optional<std::string> size;      // `cash_pct:95`, `equity_pct:N`, `units:N`, `value:N`
  // `0.001`, `fixed:1.5`, `unit:0.01`, `min:1`, `maker:0.0005`, joined by `+`
  std::optional<std::string> commission;
  std::optional<std::string> slippage;   // `0.0005`, `ticks:1`, `volume:0.1`, joined by `+`
  std::optional<std::string> spread;     // from bid to ask, a share of the price; 0
  std::optional<std::string> account;    // `standard` or `reference`
  std::optional<std::string> positions;  // `many`, or `one` at a time
  std::optional<std::string> leverage;   // 1
  std::optional<std::string> lot;        // 0: fractional units
  std::optional<std::string> tick;       // 0: none
  std::optional<std::string> maintenance_margin;                   // share of the position; 0
  std::optional<std::string> borrow_rate, cash_rate, margin_rate;  // a year: 0.03 is 3 percent
  std::optional<std::string> seed;                                 // 0
  std::vector<std::string> parameters;                             // `name=value`
  std::vector<std::string> tags;                                   // `key=value`
  std::optional<std::string> note;
  std::optional<std::string> sweep;
  std::optional<std::string> timeout;       // seconds; 60
  std::optional<std::string> memory_limit;  // `2g`, `512m`, bytes; 1g
  std::string request_id;  // at most 255 bytes; the same id never makes a second run. Empty: chosen
};

struct ReplayOptions {
  std::string run;  // an id, `latest`, `-1`
  RunOptions overrides;
  bool plugin_installed = false;  // `--plugin installed`: today's file of that name
};

// A run that was recorded: completed or failed, both are answers.
struct RunReceipt {
  Seq id{};
  bool completed = false;
  bool already_recorded = false;  // by an earlier request with the same id
};

// Executes one run and records it. When it returns, the run is durable.
//
// Errors: not_found (no such strategy, ticker, dataset: with the nearest), invalid_input (an option
//         or parameter: with its range; parameters that the strategy's own check refuses), conflict
//         (the request's id recorded something else; a library was replaced during the run),
//         interrupted, and what appending says. In all but the last nothing was recorded.
Result<RunReceipt> backtest(const Context& context, const RunOptions& options);

// Executes a recorded run again with what is overridden, as a new run, child of the old one. The
// first notice says what differs: `replay of 41: fast 10 -> 20; same plugin, same data`.
Result<RunReceipt> replay(const Context& context, const ReplayOptions& options);

}  // namespace runledger::app
