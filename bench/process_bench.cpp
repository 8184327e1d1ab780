// Whole processes, from start to exit, as somebody types them: `backtest` on 2,000 daily bars in a
// new ledger and as the thousandth in a row, and the list of them.
//
// The limit of 100 ms is absolute; `version` is the same program doing nothing, the time below
// which no command can come.
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include <runledger/base/check.hpp>

#include "directory.hpp"
#include "program.hpp"

namespace {

using namespace runledger;

constexpr int kRunsBefore = 1'000;
constexpr int kRuns = 25;

const std::vector<std::string> kBacktest{"backtest", "-s", "sma_cross", "-t", "DEMO"};

// A folder with a ledger that holds 2,000 invented daily bars.
class Workplace {
 public:
  Workplace() {
    std::ofstream(path() / "DEMO.csv") << run({SAMPLE, "--bars", "2000", "--seed", "12"});
    (void)run({RUNLEDGER, "data", "import", "DEMO.csv"});
  }

  void runledger(std::vector<std::string> words) const {
    words.insert(words.begin(), RUNLEDGER);
    (void)run(std::move(words));
  }

 private:
  [[nodiscard]] const std::filesystem::path& path() const { return directory_.path(); }
  [[nodiscard]] std::string run(std::vector<std::string> words) const {
    const test::Outcome outcome =
        test::run_to_end({.words = std::move(words),
                          .directory = path(),
                          .environment = {"HOME=" + path().string(), "PATH=/usr/bin:/bin"}});
    RL_CHECK(outcome.status == 0);
    return outcome.out;
  }

  bench::Directory directory_;
};

const Workplace& new_ledger() {
  static const Workplace place;
  return place;
}

class UsedWorkplace : public Workplace {
 public:
  UsedWorkplace() {
    for (int i = 0; i < kRunsBefore; ++i) runledger(kBacktest);
  }
};
const Workplace& used_ledger() {
  static const UsedWorkplace place;
  return place;
}

void command(benchmark::State& state, const Workplace& place,
             const std::vector<std::string>& words) {
  for (auto _ : state) place.runledger(words);
}

void version(benchmark::State& state) { command(state, new_ledger(), {"--version"}); }
void backtest_in_a_new_ledger(benchmark::State& state) { command(state, new_ledger(), kBacktest); }
void backtest_after_a_thousand(benchmark::State& state) {
  command(state, used_ledger(), kBacktest);
}
void list_after_a_thousand(benchmark::State& state) {
  command(state, used_ledger(), {"runs", "ls"});
}

void as_whole_process(benchmark::internal::Benchmark* benchmark) {
  benchmark->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(kRuns);
}

BENCHMARK(version)->Apply(as_whole_process);
BENCHMARK(backtest_in_a_new_ledger)->Apply(as_whole_process);
BENCHMARK(backtest_after_a_thousand)->Apply(as_whole_process);
BENCHMARK(list_after_a_thousand)->Apply(as_whole_process);

}  // namespace

BENCHMARK_MAIN();
