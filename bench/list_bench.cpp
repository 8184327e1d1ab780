// Pages and counts of a ledger from inside, at sizes from 10,000 to 1,000,000 runs.
#include <filesystem>
#include <map>
#include <memory>

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <runledger/base/check.hpp>

#include "database.hpp"
#include "event.hpp"
#include "events.hpp"
#include "overlay.hpp"
#include "projection.hpp"
#include "query.hpp"

namespace runledger::ledger {
namespace {

constexpr std::uint64_t kTickers = 500;
constexpr std::uint64_t kStrategies = 20;
constexpr std::uint64_t kGroupRuns = 1000;
constexpr TimeNs kFirstTime = 1'700'000'000'000'000'000;
constexpr TimeNs kStep = 1'000'000;

std::string ticker(std::uint64_t i) { return "TICK" + std::to_string(i % kTickers); }
std::string strategy(std::uint64_t i) { return "strategy_" + std::to_string(i % kStrategies); }

PendingEvent event_at(std::uint64_t seq) {
  PendingEvent event = seq == 0 ? test::opened_event()
                                : test::run_event({.request_id = "run-" + std::to_string(seq),
                                                   .strategy = strategy(seq / kTickers),
                                                   .tickers = {ticker(seq)}});
  stamp_event(
      event,
      {.seq = Seq(seq), .recorded_at = kFirstTime + static_cast<TimeNs>(seq) * kStep, .nonce = {}});
  return event;
}

void add_event(Overlay& group, std::uint64_t seq) {
  const PendingEvent event = event_at(seq);
  auto changes = project(event_in(event), group);
  RL_CHECK(changes.has_value());
  group.add(*std::move(changes));
  group.add({{Family::events, event_key(Seq(seq)), std::string(text_of(event))}});
}

// A database with this many runs, made once and removed at the end.
class Filled {
 public:
  explicit Filled(std::uint64_t runs)
      : path_(std::filesystem::temp_directory_path() /
              ("runledger-list-bench-" + std::to_string(::getpid()) + "-" + std::to_string(runs))) {
    auto database = Database::open(path_, Database::Mode::scratch);
    RL_CHECK(database.has_value());
    database_ = *std::move(database);
    Overlay group(database_.get());
    for (std::uint64_t seq = 0; seq <= runs; ++seq) {
      add_event(group, seq);
      if (seq % kGroupRuns == 0 || seq == runs)
        RL_CHECK(database_->write(group.take()).has_value());
    }
    RL_CHECK(database_->flush().has_value());
  }
  ~Filled() {
    database_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Filled(const Filled&) = delete;
  Filled& operator=(const Filled&) = delete;
  [[nodiscard]] const View& view() const { return *database_; }

 private:
  std::filesystem::path path_;
  std::unique_ptr<Database> database_;
};

using Ledgers = std::map<std::int64_t, std::unique_ptr<Filled>>;

// By their number of runs. main() empties it: RocksDB's own globals go before ours.
Ledgers& ledgers() {
  static Ledgers by_runs;
  return by_runs;
}

const View& filled(std::int64_t runs) {
  auto& ledger = ledgers()[runs];
  if (!ledger) ledger = std::make_unique<Filled>(static_cast<std::uint64_t>(runs));
  return ledger->view();
}

void list_page(benchmark::State& state, const RunFilter& filter) {
  const View& view = filled(state.range(0));
  for (auto _ : state) {
    auto page = list_runs(view, filter, {});
    if (!page || page->runs.size() != 100) state.SkipWithError("not a full page");
    benchmark::DoNotOptimize(page);
  }
}

void list_all(benchmark::State& state) { list_page(state, {}); }

void list_by_strategy(benchmark::State& state) {
  RunFilter filter;
  filter.strategy = strategy(0);
  list_page(state, filter);
}

void list_from_the_middle(benchmark::State& state) {
  RunFilter filter;
  filter.until = kFirstTime + state.range(0) / 2 * kStep;
  list_page(state, filter);
}

void count(benchmark::State& state, const RunFilter& filter) {
  const View& view = filled(state.range(0));
  for (auto _ : state) {
    auto runs = count_runs(view, filter);
    if (!runs) state.SkipWithError(runs.error().message.c_str());
    benchmark::DoNotOptimize(runs);
  }
}

void count_by_ticker_and_strategy(benchmark::State& state) {
  RunFilter filter;
  filter.ticker = ticker(7);
  filter.strategy = strategy(0);
  count(state, filter);
}

void count_since(benchmark::State& state) {
  RunFilter filter;
  filter.since = kFirstTime + state.range(0) / 3 * kStep;
  count(state, filter);
}

void count_as_of(benchmark::State& state) {
  RunFilter filter;
  filter.as_of = Seq(static_cast<std::uint64_t>(state.range(0)) / 2);
  count(state, filter);
}

// What a commit group spends on one run, without the database's write.
void project_a_run(benchmark::State& state) {
  const View& view = filled(state.range(0));
  Overlay group(&view);
  auto seq = static_cast<std::uint64_t>(state.range(0));
  for (auto _ : state) {
    add_event(group, ++seq);
    if (seq % kGroupRuns == 0) benchmark::DoNotOptimize(group.take());
  }
}

constexpr std::int64_t kSmall = 10'000;
constexpr std::int64_t kMiddle = 100'000;
constexpr std::int64_t kLarge = 1'000'000;

BENCHMARK(list_all)->Arg(kSmall)->Arg(kMiddle)->Arg(kLarge);
BENCHMARK(list_by_strategy)->Arg(kSmall)->Arg(kMiddle)->Arg(kLarge);
BENCHMARK(list_from_the_middle)->Arg(kSmall)->Arg(kMiddle)->Arg(kLarge);
BENCHMARK(count_by_ticker_and_strategy)->Arg(kSmall)->Arg(kMiddle)->Arg(kLarge);
BENCHMARK(count_since)->Arg(kSmall)->Arg(kMiddle)->Arg(kLarge);
BENCHMARK(count_as_of)->Arg(kSmall)->Arg(kMiddle)->Arg(kLarge);
BENCHMARK(project_a_run)->Arg(kSmall)->Arg(kLarge);

}  // namespace

int run_benchmarks(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  ledgers().clear();
  return 0;
}

}  // namespace runledger::ledger

int main(int argc, char** argv) { return runledger::ledger::run_benchmarks(argc, argv); }
