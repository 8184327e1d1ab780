#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <runledger/app/context.hpp>
#include <runledger/app/runs.hpp>
#include <runledger/base/digest.hpp>
#include <runledger/base/types.hpp>

namespace runledger::app {

enum class ParameterKind : std::uint8_t { integer = 1, real = 2, boolean = 3, choice = 4 };

// One parameter as its plugin declares it; values as texts that `-p name=value` takes.
struct ParameterSummary {
  std::string name, doc, unit;
  ParameterKind kind = ParameterKind::integer;
  std::string default_value, min, max;           // min and max are empty for booleans and choices
  std::string sweep_min, sweep_max, sweep_step;  // what a sweep tries unless told; empty likewise
  std::vector<std::string> choices;
};

struct StrategySummary {
  std::string name, title, id, version, doc;
  bool sizes_orders = false;  // `--size` does not apply
  std::vector<ParameterSummary> parameters;
  std::filesystem::path file;
  Digest plugin{};
  std::string built_with, commit, remote, flags;
  bool dirty = false;
};

struct RefusedPlugin {
  std::filesystem::path file;
  std::string strategy;              // the one of several that is refused; empty: all of the file
  std::vector<std::string> reasons;  // all of them
};

struct StrategyCatalog {
  std::vector<StrategySummary> strategies;  // by name
  std::vector<RefusedPlugin> refused;
  std::vector<std::string> conflicts;  // a sentence for each name that two files claim
};

// Every strategy in the folders of the context, described in a worker process.
Result<StrategyCatalog> list_strategies(const Context& context);

// `strategy` is a name or, when it holds a slash or ends in `.so`, a file; `./my.so:name` is one of
// several in a file.
// Errors: not_found (names the nearest), conflict (two files claim the name), invalid_input (the
//         file holds several strategies, or is refused: with all reasons).
Result<StrategySummary> show_strategy(const Context& context, const std::string& strategy);

// One thing that was tried, and what came of it.
struct CheckFinding {
  // A warning is no failure: the strategy runs, and people are misled. Inconclusive: it was tried,
  // and nothing can be said.
  enum class Verdict : std::uint8_t {
    passed = 1,
    failed = 2,
    skipped = 3,
    warning = 4,
    inconclusive = 5
  };
  std::string check;  // "loads", "keeps no state outside its instances", "does not look ahead"
  Verdict verdict = Verdict::passed;
  std::string detail;  // one sentence
};
struct CheckReport {
  std::optional<StrategySummary> strategy;  // absent when it does not load
  std::vector<CheckFinding> findings;
  [[nodiscard]] bool ok() const;
};

// Loads every strategy of a plugin and runs it on sample bars: again in the same worker, in a fresh
// one, with other futures, which must not change what was decided before (worker::LookAhead), and
// with later starts, which only tells how long they change it (worker::WarmUp). One report a
// strategy, or one without a strategy when the file does not load. Records nothing.
Result<std::vector<CheckReport>> check_strategy(const Context& context,
                                                const std::string& strategy);

// Executes a completed run again with other futures and later starts, as check_strategy does, and
// records what was found with the run (`backtest --check-lookahead`). Errors: run_failed (it failed
// when it was recorded), interrupted (nothing is recorded).
Result<LookAheadDetail> check_look_ahead(const Context& context, Seq run);

// Writes a small project that builds a strategy plugin out of tree, into `directory` (which must
// not exist or be empty). Returns the files written.
// Errors: invalid_input (the name), conflict (the directory is not empty), write_failed.
Result<std::vector<std::filesystem::path>> new_strategy(const Context& context,
                                                        const std::string& name,
                                                        const std::filesystem::path& directory);

}  // namespace runledger::app
