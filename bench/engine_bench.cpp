// The SMA cross over a million bars: a loop written by hand with everything fused, against the same
// strategy as a plugin behind the contract, with the broker and equity at each close.
//
// Both sum the windows exactly (SlidingSum) and make their own memory; bars and library are there.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <limits>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include <runledger/engine/padded_bars.hpp>
#include <runledger/engine/run.hpp>
#include <runledger/host/plugin.hpp>
#include <runledger/indicators/sliding_sum.hpp>
#include <runledger/metrics/metrics.hpp>

#include "invented_bars.hpp"

namespace runledger {
namespace {

constexpr std::size_t kBars = 1'000'000;
constexpr std::size_t kFast = 10;
constexpr std::size_t kSlow = 30;
constexpr double kCash = 1e6;

const PaddedBars& bars() {
  static const PaddedBars made(bench::invented_bars(kBars));
  return made;
}

struct HandResult {
  std::vector<double> equity;
  std::uint64_t fills = 0;
};

// Everything in one loop: means, cross, fills at the next open, cash, equity.
HandResult run_by_hand() {
  const BarColumns columns = bars().columns();
  HandResult result;
  result.equity.resize(kBars);
  SlidingSum fast(kFast);
  SlidingSum slow(kSlow);
  double cash = kCash;
  double units = 0;
  double wanted = 0;
  double before = std::nan("");
  for (std::size_t bar = 0; bar < kBars; ++bar) {
    if (wanted != units) {
      cash += units * columns.open[bar];
      cash -= wanted * columns.open[bar];
      result.fills += units == 0 ? 1 : 2;
      units = wanted;
    }
    const double close = columns.close[bar];
    result.equity[bar] = cash + units * close;
    const double lead = fast.update(close) / kFast - slow.update(close) / kSlow;
    if (lead > 0 && before <= 0) wanted = 1;
    if (lead < 0 && before >= 0) wanted = -1;
    before = lead;
  }
  return result;
}

const rl_strategy& strategy() {
  static const LoadedPlugin loaded = load_plugin(SMA_CROSS);
  if (loaded.plugin == nullptr) {
    std::fputs((loaded.refusals.front() + "\n").c_str(), stderr);
    std::exit(1);
  }
  return *find_strategy(*loaded.plugin, "sma_cross");
}

RunResult run_as_plugin() {
  const rl_strategy& sma_cross = strategy();
  std::vector<rl_value> values;
  for (std::size_t i = 0; i < sma_cross.param_count; ++i)
    values.push_back(sma_cross.params[i]->default_value);
  Settings settings;
  settings.cash = kCash;
  settings.sizing = {SizingKind::units, 1};
  return run_strategy({.strategy = &sma_cross,
                       .values = values,
                       .bars = bars().columns(),
                       .interval = bars().interval(),
                       .settings = settings,
                       .progress = nullptr,
                       .publish = {}})
      .value();
}

// The shortest time of one call in nanoseconds of processor time a bar, of several in turn.
class Shortest {
 public:
  template <class Body>
  auto time(Body&& body) {
    const double begin = cpu_ns();
    auto result = body();
    benchmark::DoNotOptimize(result);
    benchmark::ClobberMemory();
    ns_a_bar_ = std::min(ns_a_bar_, (cpu_ns() - begin) / kBars);
    return result;
  }
  [[nodiscard]] double ns_a_bar() const { return ns_a_bar_; }

 private:
  static double cpu_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
  }

  double ns_a_bar_ = std::numeric_limits<double>::infinity();
};

// Each in turn and the shortest time of each, so that the ratios hold on a busy machine. Limits:
// loop_ratio 3, all_ratio 10.
void sma_cross_over_a_million_bars(benchmark::State& state) {
  Shortest hand;
  Shortest plugin;
  Shortest digest;
  Shortest metrics;
  std::size_t fills = 0;
  for (auto _ : state) {
    const HandResult fused = hand.time(&run_by_hand);
    const RunResult result = plugin.time(&run_as_plugin);
    digest.time([&] { return result_digest(result); });
    metrics.time([&] { return compute_metrics({result, bars().columns(), bars().interval()}); });
    fills = result.fills.size();
    if (fused.equity.back() != result.equity.back()) state.SkipWithError("the results differ");
  }
  const double all = plugin.ns_a_bar() + digest.ns_a_bar() + metrics.ns_a_bar();
  state.counters["fills"] = static_cast<double>(fills);
  state.counters["hand_ns"] = hand.ns_a_bar();
  state.counters["plugin_ns"] = plugin.ns_a_bar();
  state.counters["digest_ns"] = digest.ns_a_bar();
  state.counters["metrics_ns"] = metrics.ns_a_bar();
  state.counters["loop_ratio"] = plugin.ns_a_bar() / hand.ns_a_bar();
  state.counters["all_ratio"] = all / hand.ns_a_bar();
}
BENCHMARK(sma_cross_over_a_million_bars)->Unit(benchmark::kMillisecond)->Iterations(25);

}  // namespace
}  // namespace runledger

BENCHMARK_MAIN();
