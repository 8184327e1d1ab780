#pragma once

#include <limits>

#include <runledger/metrics/metrics.hpp>

namespace runledger {

// A number, or the reason why there is none.
struct Figure {
  double value = std::numeric_limits<double>::quiet_NaN();
  Undefined undefined = Undefined::defined;

  static Figure of(double value) { return {.value = value}; }
  static Figure none(Undefined why) { return {.undefined = why}; }
};

// What every group of figures is made from.
struct FinishedRun {
  const RunResult& result;
  const BarColumns& bars;  // result.equity.size() of them were run
  Interval interval;
  AccountKind account;
  [[nodiscard]] std::size_t bars_run() const { return result.equity.size(); }
};

}  // namespace runledger
