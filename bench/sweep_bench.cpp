// A sweep of the SMA cross over 1,000 combinations on 2,000 daily bars, each trial recorded in a
// ledger: from the start of the sweep to the last trial's being durable, workers' start included.
// `runs` is runs a second.
//
// Beside it the same trials by the same workers, recorded nowhere: what is left when recording is
// free.
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <benchmark/benchmark.h>

#include <runledger/app/context.hpp>
#include <runledger/app/import.hpp>
#include <runledger/app/sweep.hpp>
#include <runledger/base/check.hpp>
#include <runledger/market/sample.hpp>
#include <runledger/worker/run_settings.hpp>
#include <runledger/worker/worker.hpp>

#include "directory.hpp"

namespace {

using namespace runledger;

constexpr std::size_t kBars = 2'000;
constexpr std::int64_t kFasts = 40;
constexpr std::int64_t kSlows = 25;
constexpr std::int64_t kSlowStep = 5;
constexpr std::int64_t kFirstFast = 5;
constexpr std::int64_t kFirstSlow = 50;
constexpr std::size_t kBatch = 100;

Bars invented_bars() { return make_sample({.bars = kBars}).value().bars; }

// A ledger with the bars.
class Place {
 public:
  Place() {
    context_.ledger = directory_.path() / "ledger";
    context_.layout = app::layout_around(PROGRAM);
    context_.cache = directory_.path() / "cache";
    context_.actor = "bench";
    const auto file = directory_.path() / "DEMO.csv";
    const Sample sample = make_sample({.bars = kBars}).value();
    std::ofstream(file) << write_sample(sample, "DEMO", SampleLayout::generic).value();
    RL_CHECK(app::import_files(context_, {file.string()}, {}).has_value());
  }
  [[nodiscard]] const app::Context& context() const { return context_; }

 private:
  bench::Directory directory_;
  app::Context context_;
};

void recorded(benchmark::State& state) {
  static const Place place;
  app::SweepOptions options;
  options.run.strategy = "sma_cross";
  options.tickers = {"DEMO"};
  options.parameters = {"fast=5:44:1", "slow=50:170:5"};
  std::uint64_t runs = 0;
  for (auto _ : state) {
    const auto report = app::sweep(place.context(), options);
    RL_CHECK(report.has_value() && report->recorded == kFasts * kSlows);
    runs += report->recorded;
  }
  state.counters["runs"] =
      benchmark::Counter(static_cast<double>(runs), benchmark::Counter::kIsRate);
}

schema::ParameterT parameter(const char* name, std::int64_t value, schema::ParameterType type,
                             const char* choice) {
  schema::ParameterT parameter;
  parameter.name = name;
  parameter.value = std::make_unique<schema::ParameterValue>(value, 0.0, type);
  parameter.choice = choice;
  return parameter;
}

std::vector<worker::TrialParameters> trials() {
  std::vector<worker::TrialParameters> trials;
  for (std::int64_t fast = 0; fast < kFasts; ++fast)
    for (std::int64_t slow = 0; slow < kSlows; ++slow) {
      worker::TrialParameters trial;
      trial.push_back(parameter("fast", kFirstFast + fast, schema::ParameterType::integer, ""));
      trial.push_back(
          parameter("slow", kFirstSlow + slow * kSlowStep, schema::ParameterType::integer, ""));
      trial.push_back(parameter("side", 2, schema::ParameterType::choice, "both"));
      trials.push_back(std::move(trial));
    }
  return trials;
}

// Half of the trials on each of two workers.
void unrecorded(benchmark::State& state) {
  const auto bars = worker::SharedBars::make(invented_bars());
  RL_CHECK(bars.has_value());
  const auto all = trials();
  worker::RunCall call;
  call.plugin = SMA_CROSS;
  call.strategy = "sma_cross";
  call.settings = worker::stored_settings({});
  call.bars = &*bars;
  for (auto _ : state) {
    const auto half = [&](std::size_t begin, std::size_t end) {
      worker::Worker worker({.program = app::layout_around(PROGRAM).worker});
      for (std::size_t at = begin; at < end; at += kBatch)
        RL_CHECK(worker.run_batch(call, std::span(all).subspan(at, kBatch)).has_value());
    };
    std::thread other(half, all.size() / 2, all.size());
    half(0, all.size() / 2);
    other.join();
  }
  state.counters["runs"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(all.size()),
                         benchmark::Counter::kIsRate);
}

BENCHMARK(recorded)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(10);
BENCHMARK(unrecorded)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(10);

}  // namespace

BENCHMARK_MAIN();
