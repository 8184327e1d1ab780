#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <runledger/market/interval.hpp>

namespace runledger {

// How many elements beyond `count` every column that a strategy sees can be read.
inline constexpr std::size_t kColumnPadding = 4096;

// One ticker's bars as columns of equal length, oldest first, borrowed from their owner.
// Canonical bar time is the label in the file (daily: 00:00Z).
struct BarColumns {
  std::span<const TimeNs> label;
  std::span<const TimeNs> close_time;
  std::span<const double> open, high, low, close;
  std::span<const double> volume;  // NaN where the data has none
  [[nodiscard]] std::size_t size() const { return label.size(); }
};

// Owns bars as columns. Prices are finite and positive, low <= open,close <= high, labels strictly
// ascend: whatever makes one checks that.
struct Bars {
  Interval interval;
  std::vector<TimeNs> label;
  std::vector<double> open, high, low, close, volume;

  [[nodiscard]] std::size_t size() const { return label.size(); }
  // Keeps the oldest `count` bars.
  void truncate(std::size_t count) {
    label.resize(count);
    for (auto* column : {&open, &high, &low, &close, &volume}) column->resize(count);
  }
};

}  // namespace runledger
