#pragma once

#include <cstddef>
#include <vector>

#include <runledger/market/bars.hpp>

namespace runledger {

// Bars as run_strategy wants them: columns that can be read kColumnPadding elements beyond their
// end, where every double is NaN and every time is the last one.
//
// Ownership: owns copies; columns() borrows from it.
class PaddedBars {
 public:
  explicit PaddedBars(const Bars& bars);
  // Only bars whose label is in first..last, both included.
  PaddedBars(const Bars& bars, TimeNs first, TimeNs last);

  [[nodiscard]] BarColumns columns() const;
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] Interval interval() const { return interval_; }

 private:
  struct Range {
    std::size_t begin, end;
  };
  static Range range_of(const std::vector<TimeNs>& label, TimeNs first, TimeNs last);
  PaddedBars(const Bars& bars, Range range);

  Interval interval_;
  std::size_t size_;
  std::vector<TimeNs> label_, close_time_;
  std::vector<double> open_, high_, low_, close_, volume_;
};

}  // namespace runledger
