// Prints a checksum of the bits of every value that each indicator gives on invented bars. Built
// with several sets of flags, whose output must be the same.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <vector>

#include <runledger/indicators.hpp>

namespace {

using runledger::Bar;

// FNV-1a, 64 bits.
class Checksum {
 public:
  void add(double value) {
    auto bits = std::bit_cast<std::uint64_t>(
        std::isnan(value) ? std::numeric_limits<double>::quiet_NaN() : value);
    for (int byte = 0; byte < 8; ++byte, bits >>= 8) {
      state_ ^= bits & 0xff;
      state_ *= 0x100000001b3;
    }
  }
  [[nodiscard]] std::uint64_t value() const { return state_; }

 private:
  std::uint64_t state_ = 0xcbf29ce484222325;
};

// Prices of 16 digits and of two, stretches without movement, and now and then one of another size.
std::vector<Bar> invented_bars() {
  std::uint64_t state = 20'261'125;
  const auto chance = [&] {
    state = state * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;
    return static_cast<double>(state >> 11) * 0x1p-53;
  };
  std::vector<Bar> bars;
  double price = 100;
  for (int i = 0; i < 6'000; ++i) {
    const bool is_still = i / 50 % 7 == 6;
    const double open = price;
    if (!is_still) price *= 0.97 + 0.06 * chance();
    if (i % 2'000 < 1'000) price = std::floor(price * 100) / 100;
    if (i % 1'500 == 1'499) price *= 1e12;
    if (i % 1'500 == 20 && i > 1'000) price /= 1e12;
    const double top = std::max(open, price) * (is_still ? 1 : 1 + 0.01 * chance());
    const double bottom = std::min(open, price) * (is_still ? 1 : 1 - 0.01 * chance());
    const double volume = i % 13 == 0 ? 0 : std::floor(1e6 * chance());
    bars.push_back({open, top, bottom, price, volume});
  }
  return bars;
}

template <class Add>
void print(const char* name, Add&& add) {
  static const std::vector<Bar> bars = invented_bars();
  Checksum sum;
  for (const Bar& bar : bars) add(sum, bar);
  std::printf("%-10s %016llx\n", name, static_cast<unsigned long long>(sum.value()));
}

template <class Indicator>
void print_of_bar(const char* name, Indicator indicator) {
  print(name, [&](Checksum& sum, const Bar& bar) { sum.add(indicator.update(bar)); });
}

template <class Indicator>
void print_of_close(const char* name, Indicator indicator) {
  print(name, [&](Checksum& sum, const Bar& bar) { sum.add(indicator.update(bar.close)); });
}

void print_lines() {
  print("bollinger",
        [bands = runledger::Bollinger(20, 2.5)](Checksum& sum, const Bar& bar) mutable {
          const auto [middle, top, bottom] = bands.update(bar.close);
          for (const double value : {middle, top, bottom}) sum.add(value);
        });
  print("keltner", [bands = runledger::Keltner({.mean = 20, .range = 10}, 1.7)](
                       Checksum& sum, const Bar& bar) mutable {
    const auto [middle, upper, lower] = bands.update(bar);
    for (const double value : {middle, upper, lower}) sum.add(value);
  });
  print("donchian", [channel = runledger::Donchian(20)](Checksum& sum, const Bar& bar) mutable {
    const auto now = channel.update(bar);
    for (const double value : {now.upper, now.lower, now.middle()}) sum.add(value);
  });
  print("macd", [lines = runledger::Macd()](Checksum& sum, const Bar& bar) mutable {
    const auto [macd, signal] = lines.update(bar.close);
    for (const double value : {macd, signal}) sum.add(value);
  });
  print("stochastic", [lines = runledger::Stochastic()](Checksum& sum, const Bar& bar) mutable {
    const auto [k, d] = lines.update(bar);
    for (const double value : {k, d}) sum.add(value);
  });
  print("adx", [lines = runledger::Adx(14)](Checksum& sum, const Bar& bar) mutable {
    const auto [adx, plus, minus] = lines.update(bar);
    for (const double value : {adx, plus, minus}) sum.add(value);
  });
}

}  // namespace

int main() {
  print_of_close("sma", runledger::Sma(30));
  print_of_close("ema", runledger::Ema(30));
  print_of_close("smma", runledger::Smma(30));
  print_of_close("tema", runledger::Tema(12));
  print_of_close("rsi", runledger::Rsi(14));
  print_of_close("roc", runledger::Roc(12));
  print_of_bar("atr", runledger::Atr(14));
  print_of_bar("williams_r", runledger::WilliamsR(14));
  print_of_bar("cci", runledger::Cci(20));
  print_of_bar("obv", runledger::Obv());
  print_of_bar("mfi", runledger::Mfi(14));
  print_of_bar("cmf", runledger::Cmf(20));
  print_lines();
}
