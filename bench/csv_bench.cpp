// Importing a price file, beside two limits that the same run measures: looking at every byte, and
// converting the prices alone.
//
// The file has 140,000 daily bars (8.1 MB); `rows` is bars a second on one core.
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>
#include <fast_float/fast_float.h>

#include <runledger/base/check.hpp>
#include <runledger/base/time.hpp>
#include <runledger/market/csv.hpp>
#include <runledger/market/sample.hpp>

namespace {

using namespace runledger;

constexpr std::size_t kBars = 140'000;

CsvSource source_of(SampleLayout layout, SampleOptions options) {
  options.bars = kBars;
  const auto sample = make_sample(options);
  RL_CHECK(sample.has_value());
  auto text = write_sample(*sample, "DEMO", layout);
  RL_CHECK(text.has_value());
  CsvSource source;
  source.name = source.path = "bench.csv";
  source.bytes = std::move(*text);
  return source;
}

CsvSource daily(SampleLayout layout) {
  SampleOptions options;
  options.start = parse_time("1700-01-01").value().time;
  return source_of(layout, options);
}

CsvSource minutes(SampleLayout layout) {
  SampleOptions options;
  options.interval = {1, IntervalUnit::minute};
  return source_of(layout, options);
}

void count_rows(benchmark::State& state, const CsvSource& source) {
  state.counters["rows"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(kBars),
                         benchmark::Counter::kIsRate);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(source.bytes.size()));
}

void import(benchmark::State& state, const CsvSource& source, const CsvOptions& options) {
  for ([[maybe_unused]] auto _ : state) {
    auto series = parse_csv(source, options);
    RL_CHECK(series.has_value() && series->front().bars.size() == kBars);
    benchmark::DoNotOptimize(series);
  }
  count_rows(state, source);
}

void limit_bytes(benchmark::State& state) {
  const CsvSource source = daily(SampleLayout::generic);
  for ([[maybe_unused]] auto _ : state) {
    std::size_t lines = 0;
    const char* at = source.bytes.data();
    const char* const end = at + source.bytes.size();
    while (const void* found = std::memchr(at, '\n', static_cast<std::size_t>(end - at))) {
      at = static_cast<const char*>(found) + 1;
      ++lines;
    }
    benchmark::DoNotOptimize(lines);
  }
  count_rows(state, source);
}

// Converts the five numbers of each row into columns, and does nothing else: no dates, no checks.
void limit_numbers(benchmark::State& state) {
  const CsvSource source = daily(SampleLayout::generic);
  const std::size_t header = source.bytes.find('\n') + 1;
  for ([[maybe_unused]] auto _ : state) {
    std::vector<double> column[5];
    for (auto& one : column) one.reserve(kBars);
    const char* at = source.bytes.data() + header;
    const char* const end = source.bytes.data() + source.bytes.size();
    while (at < end) {
      at += sizeof "2024-01-02" - 1;
      for (auto& one : column) {
        double value = 0;
        at = fast_float::from_chars(at + 1, end, value).ptr;
        one.push_back(value);
      }
      ++at;
    }
    RL_CHECK(column[0].size() == kBars);
    benchmark::DoNotOptimize(column);
  }
  count_rows(state, source);
}

void import_generic(benchmark::State& state) { import(state, daily(SampleLayout::generic), {}); }
void import_yahoo(benchmark::State& state) { import(state, daily(SampleLayout::yahoo), {}); }
void import_semicolons(benchmark::State& state) {
  import(state, daily(SampleLayout::semicolon), {});
}
void import_minutes(benchmark::State& state) { import(state, minutes(SampleLayout::generic), {}); }
void import_klines(benchmark::State& state) { import(state, minutes(SampleLayout::binance), {}); }
void import_local_time(benchmark::State& state) {
  CsvOptions options;
  options.timezone = "America/New_York";
  import(state, minutes(SampleLayout::separate), options);
}

BENCHMARK(limit_bytes)->Unit(benchmark::kMillisecond);
BENCHMARK(limit_numbers)->Unit(benchmark::kMillisecond);
BENCHMARK(import_generic)->Unit(benchmark::kMillisecond);
BENCHMARK(import_yahoo)->Unit(benchmark::kMillisecond);
BENCHMARK(import_semicolons)->Unit(benchmark::kMillisecond);
BENCHMARK(import_minutes)->Unit(benchmark::kMillisecond);
BENCHMARK(import_klines)->Unit(benchmark::kMillisecond);
BENCHMARK(import_local_time)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
