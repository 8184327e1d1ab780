// Recording runs, beside the limit that the same run measures: RocksDB writing the same bytes.
//
// `events` is events a second. AppendInGroups is to reach 60 percent of RawGroups; AppendOne is to
// take at most twice as long as RawOne (HEAD's second sync included).
#include <filesystem>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include <runledger/base/check.hpp>
#include <runledger/base/time.hpp>
#include <runledger/ledger/ledger.hpp>

#include "commit_group.hpp"
#include "database.hpp"
#include "directory.hpp"
#include "events.hpp"
#include "layout.hpp"

namespace {

using namespace runledger;
using namespace runledger::ledger;

constexpr std::size_t kGroupEvents = 256;
// Both sides write so many groups, so that neither rewrites its keys nor grows longer than the
// other.
constexpr std::size_t kGroups = 96;
constexpr std::size_t kOnes = 2'000;
constexpr std::size_t kNoteBytes = 1'000;

// A directory with a new ledger, or with room for a database.
class Place {
 public:
  [[nodiscard]] std::filesystem::path ledger() const {
    const auto path = directory_.path() / "ledger";
    RL_CHECK(create(path, {.origin = "", .program = "bench", .actor = "bench"}).has_value());
    return path;
  }
  [[nodiscard]] std::filesystem::path database() const { return directory_.path() / "raw"; }

 private:
  bench::Directory directory_;
};

std::vector<PendingEvent> make_events(std::size_t count) {
  static std::uint64_t made = 0;
  std::vector<PendingEvent> events;
  for (std::size_t i = 0; i < count; ++i) {
    test::RunEvent run;
    run.request_id = "request-" + std::to_string(made++);
    run.tickers = {"T" + std::to_string(i % 20)};
    run.strategy = "S" + std::to_string(i % 7);
    run.note = std::string(kNoteBytes, 'n');
    events.push_back(test::run_event(run));
  }
  return events;
}

// What the ledger writes for groups of so many events.
std::vector<Changes> changes_of_groups(std::size_t groups, std::size_t events) {
  const Place place;
  const Layout layout{place.ledger()};
  const auto database = *Database::open(layout.database(), Database::Mode::read_write);
  LogState state = *decode_state(**database->get(Family::meta, kStateKey));
  Tree tree = *Tree::load(*database, state.size);
  CounterRows counters(database.get());
  std::vector<Changes> all;
  for (std::size_t i = 0; i < groups; ++i) {
    CommitGroup group(*database, counters, state, tree, wall_clock_now());
    RL_CHECK(group.add(make_events(events)).has_value());
    auto finished = group.finish();
    RL_CHECK(database->write(finished.changes).has_value());
    counters.absorb(group.counters());
    state = finished.state;
    all.push_back(std::move(finished.changes));
  }
  return all;
}

void write_raw(benchmark::State& run, std::size_t events) {
  const auto groups = changes_of_groups(static_cast<std::size_t>(run.max_iterations), events);
  const Place place;
  const auto database = *Database::open(place.database(), Database::Mode::create);
  std::size_t next = 0;
  for (auto _ : run) RL_CHECK(database->write(groups[next++]).has_value());
  run.counters["events"] =
      benchmark::Counter(static_cast<double>(run.iterations()) * static_cast<double>(events),
                         benchmark::Counter::kIsRate);
}

void append(benchmark::State& run, std::size_t events) {
  const Place place;
  auto committer = *Committer::open(place.ledger(), {});
  for (auto _ : run) {
    run.PauseTiming();
    auto group = make_events(events);
    run.ResumeTiming();
    RL_CHECK(committer.append(std::move(group)).has_value());
  }
  run.counters["events"] =
      benchmark::Counter(static_cast<double>(run.iterations()) * static_cast<double>(events),
                         benchmark::Counter::kIsRate);
}

#define GROUPS(function, name)                    \
  BENCHMARK_CAPTURE(function, name, kGroupEvents) \
      ->Unit(benchmark::kMicrosecond)             \
      ->UseRealTime()                             \
      ->Iterations(kGroups)
#define ONES(function, name)           \
  BENCHMARK_CAPTURE(function, name, 1) \
      ->Unit(benchmark::kMicrosecond)  \
      ->UseRealTime()                  \
      ->Iterations(kOnes)

GROUPS(write_raw, RawGroups);
GROUPS(append, AppendInGroups);
ONES(write_raw, RawOne);
ONES(append, AppendOne);

}  // namespace

BENCHMARK_MAIN();
