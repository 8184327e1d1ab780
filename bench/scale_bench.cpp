// The cost of a run by its length: the SMA cross over 1,000 to 10,000,000 bars with digest and
// metrics, `few` with an order every dozen bars and `many` with one on most. `ns_a_bar` is to stay
// what it is; `peak_of_data` is the peak of the process's memory while bars are handed over and
// run, divided by the seven columns that a strategy sees. `orders` is a bar.
#include <cstdint>
#include <fstream>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include <runledger/base/check.hpp>
#include <runledger/engine/run.hpp>
#include <runledger/host/plugin.hpp>
#include <runledger/metrics/metrics.hpp>
#include <runledger/worker/shared_bars.hpp>

#include "invented_bars.hpp"

namespace runledger {
namespace {

constexpr double kBytesOfABar = 7 * sizeof(double);

const rl_strategy& sma_cross() {
  static const LoadedPlugin loaded = load_plugin(SMA_CROSS);
  RL_CHECK(loaded.plugin != nullptr);
  return *find_strategy(*loaded.plugin, "sma_cross");
}

void forget_peak() { std::ofstream("/proc/self/clear_refs") << "5"; }

// Of the memory that was resident since forget_peak().
double peak_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) * 1024;
  return std::numeric_limits<double>::quiet_NaN();
}

void run(benchmark::State& state, std::int64_t fast, std::int64_t slow) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const rl_strategy& strategy = sma_cross();
  std::vector<rl_value> values;
  for (std::size_t i = 0; i < strategy.param_count; ++i)
    values.push_back(strategy.params[i]->default_value);
  values[0].as.i = fast;
  values[1].as.i = slow;
  Settings settings;
  settings.cash = 1e9;
  settings.sizing = {SizingKind::units, 1};
  Bars loaded = bench::invented_bars(count);
  forget_peak();
  const auto bars = worker::SharedBars::make(std::move(loaded));
  RL_CHECK(bars.has_value());
  std::size_t orders = 0;
  for (auto _ : state) {
    const auto result = run_strategy({.strategy = &strategy,
                                      .values = values,
                                      .bars = bars->columns(),
                                      .interval = bars->interval(),
                                      .settings = settings,
                                      .progress = nullptr,
                                      .publish = {}});
    RL_CHECK(result.has_value());
    benchmark::DoNotOptimize(result_digest(*result));
    benchmark::DoNotOptimize(compute_metrics({*result, bars->columns(), bars->interval()}));
    orders = result->orders.size();
  }
  const auto size = static_cast<double>(count);
  state.counters["peak_of_data"] = peak_bytes() / (size * kBytesOfABar);
  state.counters["orders"] = static_cast<double>(orders) / size;
  state.counters["ns_a_bar"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * size / 1e9,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

#define LENGTHS(name, fast, slow)          \
  BENCHMARK_CAPTURE(run, name, fast, slow) \
      ->Arg(1'000)                         \
      ->Arg(10'000)                        \
      ->Arg(100'000)                       \
      ->Arg(1'000'000)                     \
      ->Arg(10'000'000)                    \
      ->Unit(benchmark::kMillisecond)

LENGTHS(few, 10, 30);
LENGTHS(many, 1, 2);

}  // namespace
}  // namespace runledger

BENCHMARK_MAIN();
