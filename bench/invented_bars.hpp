#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <runledger/market/bars.hpp>

namespace runledger::bench {

// Minute bars, prices to the cent that wander around 100; the first `count` of one history.
inline Bars invented_bars(std::size_t count) {
  Bars bars;
  bars.interval = {1, IntervalUnit::minute};
  bars.label.reserve(count);
  for (auto* column : {&bars.open, &bars.high, &bars.low, &bars.close, &bars.volume})
    column->reserve(count);
  std::uint64_t state = 42;
  double price = 100;
  for (std::size_t i = 0; i < count; ++i) {
    const double open = std::round(price * 100) / 100;
    state = state * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;
    const double chance = static_cast<double>(state >> 11) * 0x1p-53 - 0.5;
    price = price * (1 + 0.002 * chance) + 0.0005 * (100 - price);
    const double close = std::round(price * 100) / 100;
    bars.label.push_back(static_cast<TimeNs>(i) * 60'000'000'000);
    bars.open.push_back(open);
    bars.high.push_back(std::max(open, close));
    bars.low.push_back(std::min(open, close));
    bars.close.push_back(close);
    bars.volume.push_back(1000);
  }
  return bars;
}

}  // namespace runledger::bench
