#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include <runledger/base/result.hpp>
#include <runledger/engine/result.hpp>
#include <runledger/engine/settings.hpp>
#include <runledger/market/bars.hpp>
#include <runledger/strategy_abi.h>

namespace runledger {

// Where a run is, for whoever watches from outside; written before every call into the plugin.
// Lives in memory shared with the process that started the worker, so that a crash can be told with
// its bar.
struct Progress {
  volatile std::uint64_t bar = 0;
  volatile std::uint32_t call = 0;  // schema::PluginCall
};

// What a run needs. Everything is borrowed for the length of run_strategy.
struct RunInputs {
  const rl_strategy* strategy = nullptr;
  std::span<const rl_value> values;  // in declared order, checked
  // Columns readable kColumnPadding elements beyond size().
  BarColumns bars;
  Interval interval;
  Settings settings;
  Progress* progress = nullptr;  // or null
  // Collects published values; null when nobody asks.
  std::function<void(std::uint64_t bar, const char* name, double value)> publish;
};

// How a run failed: which call, at which bar, and what the strategy said.
struct RunFault {
  enum class Kind : std::uint8_t {
    threw = 1,
    refused_to_start,
    broke_contract,
    out_of_memory,
    reported
  };
  Kind kind;
  std::uint32_t call = 0;  // schema::PluginCall
  std::uint64_t bar = 0;
  std::string message;
};

// Runs one strategy over the bars: the only bar loop there is.
//
// Same inputs, same result, to the last bit.
std::expected<RunResult, RunFault> run_strategy(const RunInputs& inputs);

}  // namespace runledger
