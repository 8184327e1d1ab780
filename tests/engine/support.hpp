#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <runledger/engine/padded_bars.hpp>
#include <runledger/engine/run.hpp>

namespace runledger::test {

// A strategy made of functions, for one run at a time.
struct Script {
  std::function<void(Script&)> on_create;  // may throw
  std::function<rl_status(Script&, const rl_step&)> on_bar;
  std::function<rl_status(Script&, const rl_fill&)> on_fill;
  std::function<rl_status(Script&, const rl_refusal&)> on_refusal;
  std::function<rl_status(Script&, const rl_step&)> on_end;
  std::function<void(Script&)> on_destroy;
  std::uint32_t flags = 0;
  bool refuse_to_start = false;

  // Filled in by the run.
  const rl_host* host = nullptr;
  std::vector<std::string> calls;  // create, on_bar 0, on_fill 1, ...
  int destroyed = 0;
  rl_status submitted = RL_OK;  // what the last submit answered
  std::uint64_t last_id = 0;

  // Submits and remembers the answer.
  rl_status submit(const rl_order& order);
  rl_status buy(double units) { return submit(order_of(units)); }
  rl_status close();

  // A market order.
  static rl_order order_of(double quantity, std::uint32_t size_mode = RL_SIZE_UNITS,
                           std::uint32_t flags = 0);
};

using Outcome = std::expected<RunResult, RunFault>;

Outcome run(Script& script, const PaddedBars& bars, const Settings& settings = {},
            const std::function<void(RunInputs&)>& adjust = {});

// Submits `orders[bar]` at the close of each bar.
using OrderPlan = std::vector<std::vector<rl_order>>;
Outcome run_plan(const OrderPlan& plan, const PaddedBars& bars, const Settings& settings = {});

// Daily bars from 2000-01-01 on, each open and close as given.
struct OpenClose {
  double open, close;
};
PaddedBars daily(const std::vector<OpenClose>& prices);
// The same with open equal to close.
PaddedBars daily(const std::vector<double>& prices);

// The same with all four prices.
struct Candle {
  double open, high, low, close;
  double volume = 1000;
};
PaddedBars candles(const std::vector<Candle>& bars);

// `Date,Open,High,Low,Close,Volume`, daily.
Bars read_daily_csv(const std::filesystem::path& path);

}  // namespace runledger::test
