// Each indicator in nanoseconds a bar, at its usual length and at one of a thousand bars, beside
// a pass over the same bars that only adds up their closes.
//
// In constant time a bar: the long one costs no more than the short one, but for the memory of its
// window.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <benchmark/benchmark.h>

#include <runledger/indicators.hpp>

namespace runledger {
namespace {

constexpr std::size_t kBars = 100'000;

// Prices to the cent that wander around 100.
const std::vector<Bar>& bars() {
  static const std::vector<Bar> made = [] {
    std::vector<Bar> bars;
    bars.reserve(kBars);
    std::uint64_t state = 42;
    const auto chance = [&] {
      state = state * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;
      return static_cast<double>(state >> 11) * 0x1p-53;
    };
    const auto cents = [](double price) { return std::round(price * 100) / 100; };
    double price = 100;
    for (std::size_t i = 0; i < kBars; ++i) {
      const double open = cents(price);
      price = price * (0.99 + 0.02 * chance()) + 0.0005 * (100 - price);
      const double close = cents(price);
      bars.push_back({.open = open,
                      .high = std::max(open, close) + cents(chance()),
                      .low = std::min(open, close) - cents(chance()),
                      .close = close,
                      .volume = std::floor(1e6 * chance())});
    }
    return bars;
  }();
  return made;
}

// Feeds all bars to what `make` makes of a length, once an iteration.
template <class Make, class Update>
void feed(benchmark::State& state, Make&& make, Update&& update) {
  const std::vector<Bar>& all = bars();
  const auto length = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    auto indicator = make(length);
    for (const Bar& bar : all) {
      auto value = update(indicator, bar);
      benchmark::DoNotOptimize(value);
    }
  }
  constexpr double kNsASecond = 1e9;
  state.counters["ns_a_bar"] =
      benchmark::Counter(kBars / kNsASecond, benchmark::Counter::kIsIterationInvariantRate |
                                                 benchmark::Counter::kInvert);
}

constexpr auto kOfClose = [](auto& indicator, const Bar& bar) {
  return indicator.update(bar.close);
};
constexpr auto kOfBar = [](auto& indicator, const Bar& bar) { return indicator.update(bar); };

template <class Indicator>
void of_close(benchmark::State& state) {
  feed(state, [](std::size_t length) { return Indicator(length); }, kOfClose);
}
template <class Indicator>
void of_bar(benchmark::State& state) {
  feed(state, [](std::size_t length) { return Indicator(length); }, kOfBar);
}

void plain_pass(benchmark::State& state) {
  feed(
      state, [](std::size_t) { return 0.0; },
      [](double& sum, const Bar& bar) { return sum += bar.close; });
}
void macd(benchmark::State& state) {
  const auto make = [](std::size_t length) {
    return Macd({.fast = length / 2, .slow = length, .signal = 9});
  };
  feed(state, make, kOfClose);
}
void bollinger(benchmark::State& state) {
  feed(state, [](std::size_t length) { return Bollinger(length, 2); }, kOfClose);
}
void keltner(benchmark::State& state) {
  const auto make = [](std::size_t length) {
    return Keltner({.mean = length, .range = length}, 2);
  };
  feed(state, make, kOfBar);
}
void stochastic(benchmark::State& state) {
  const auto make = [](std::size_t length) {
    return Stochastic({.range = length, .smooth_k = 3, .smooth_d = 3});
  };
  feed(state, make, kOfBar);
}
void obv(benchmark::State& state) {
  feed(state, [](std::size_t) { return Obv(); }, kOfBar);
}
void cross_over(benchmark::State& state) {
  feed(
      state, [](std::size_t) { return CrossOver(); },
      [](CrossOver& cross, const Bar& bar) { return cross.update(bar.close, bar.open); });
}

constexpr std::int64_t kLong = 1'000;

BENCHMARK(plain_pass)->Arg(1);
BENCHMARK(of_close<Sma>)->Name("sma")->Arg(20)->Arg(kLong);
BENCHMARK(of_close<Ema>)->Name("ema")->Arg(20)->Arg(kLong);
BENCHMARK(of_close<Smma>)->Name("smma")->Arg(14)->Arg(kLong);
BENCHMARK(of_close<Tema>)->Name("tema")->Arg(12)->Arg(kLong);
BENCHMARK(of_close<Rsi>)->Name("rsi")->Arg(14)->Arg(kLong);
BENCHMARK(macd)->Arg(26)->Arg(kLong);
BENCHMARK(bollinger)->Arg(20)->Arg(kLong);
BENCHMARK(of_bar<Atr>)->Name("atr")->Arg(14)->Arg(kLong);
BENCHMARK(stochastic)->Arg(14)->Arg(kLong);
BENCHMARK(of_bar<WilliamsR>)->Name("williams_r")->Arg(14)->Arg(kLong);
BENCHMARK(of_bar<Cci>)->Name("cci")->Arg(20)->Arg(kLong);
BENCHMARK(of_bar<Adx>)->Name("adx")->Arg(14)->Arg(kLong);
BENCHMARK(of_close<Roc>)->Name("roc")->Arg(12)->Arg(kLong);
BENCHMARK(obv)->Arg(1);
BENCHMARK(of_bar<Mfi>)->Name("mfi")->Arg(14)->Arg(kLong);
BENCHMARK(of_bar<Cmf>)->Name("cmf")->Arg(20)->Arg(kLong);
BENCHMARK(of_bar<Donchian>)->Name("donchian")->Arg(20)->Arg(kLong);
BENCHMARK(keltner)->Arg(20)->Arg(kLong);
BENCHMARK(cross_over)->Arg(1);

}  // namespace
}  // namespace runledger

BENCHMARK_MAIN();
