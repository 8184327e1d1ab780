#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include <runledger/base/time.hpp>
#include <runledger/market/bars.hpp>

namespace runledger::test {

inline TimeNs at(std::string_view text) { return parse_time(text).value().time; }

// `count` valid daily bars whose values differ from bar to bar.
inline Bars daily_bars(std::size_t count) {
  Bars bars;
  bars.interval = {1, IntervalUnit::day};
  for (std::size_t i = 0; i < count; ++i) {
    const double base = 100 + static_cast<double>(i % 97) * 0.25;
    bars.label.push_back(static_cast<TimeNs>(i) * kDayNs);
    bars.open.push_back(base);
    bars.high.push_back(base + 2);
    bars.low.push_back(base - 1.5);
    bars.close.push_back(base + 1);
    bars.volume.push_back(1000 + static_cast<double>(i));
  }
  return bars;
}

inline bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0);
}

inline bool same_bars(const Bars& a, const Bars& b) {
  return a.interval == b.interval && a.label == b.label && same_bits(a.open, b.open) &&
         same_bits(a.high, b.high) && same_bits(a.low, b.low) && same_bits(a.close, b.close) &&
         same_bits(a.volume, b.volume);
}

}  // namespace runledger::test
