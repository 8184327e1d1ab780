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

// The calls a host makes. Numbers as in schema::PluginCall.
enum class PluginCall : std::uint32_t {
  none = 0,
  load = 1,
  describe = 2,
  create = 3,
  on_bar = 4,
  on_fill = 5,
  on_refusal = 6,
  on_end = 7,
  destroy = 8,
  unload = 9,
};

// Limits of a run; one order, line or text beyond them does no harm.
inline constexpr std::size_t kOrdersMax = 20'000'000;     // a run; beyond it the contract is broken
inline constexpr std::size_t kWaitingOrdersMax = 65'536;  // at any time; likewise
inline constexpr std::size_t kOrderReasonBytesMax = 120;
inline constexpr std::size_t kExplanationBytesMax = 4'096;
inline constexpr std::size_t kLogLineBytesMax = 4'096;
inline constexpr std::size_t kLogLinesMax = 10'000;
inline constexpr std::size_t kLogBytesMax = 1u << 20;
inline constexpr double kUnitsMax = 1e24;
inline constexpr double kNotionalMax = 1e18;

// Where a run is, for whoever watches from outside; written before every call into the plugin.
// Lives in memory shared with the process that started the worker, so that a crash can be told with
// its bar.
struct Progress {
  volatile std::uint64_t bar = 0;
  volatile std::uint32_t call = 0;  // PluginCall
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
  std::function<void(std::uint64_t bar, const char* name, double value)> publish = {};
  // Told each line that is kept, when it is written; null when nobody asks.
  std::function<void(const LogRecord& line)> log = {};
};

// How a run failed: which call, at which bar, and what the strategy said.
struct RunFault {
  enum class Kind : std::uint8_t {
    threw = 1,         // an exception came out of the call
    refused_to_start,  // create returned NULL and said why
    broke_contract,    // an order that the contract does not allow, a status that is none
    out_of_memory,
    reported,  // the call returned RL_ERROR, or RL_INVALID
  };
  Kind kind;
  std::uint32_t call = 0;  // PluginCall
  std::uint64_t bar = 0;
  std::string message;
};

// Runs one strategy over the bars: the only bar loop there is. What happens to an order is
// core/engine/FILLS.md. Per bar: orders of the bar before are carried out at the open, equity is
// taken at the close, on_fill and on_refusal tell the strategy, then on_bar. on_end follows the
// last bar; destroy follows everything, faults too.
//
// Same inputs, same result, to the last bit.
std::expected<RunResult, RunFault> run_strategy(const RunInputs& inputs);

}  // namespace runledger
