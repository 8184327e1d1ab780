#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <runledger/base/time.hpp>
#include <runledger/metrics/metrics.hpp>

namespace runledger::metrics_test {

inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
inline constexpr Interval kDaily{1, IntervalUnit::day};

// A finished run with its bars, built by hand.
struct HandRun {
  RunResult result;
  Interval interval = kDaily;
  AccountKind account = AccountKind::standard;
  MetricOptions options;
  std::vector<TimeNs> label, close_time;
  std::vector<double> close;

  HandRun(double start, std::vector<double> equity, TimeNs step = kDayNs) {
    result.start_cash = start;
    result.equity = std::move(equity);
    for (std::size_t i = 0; i < result.equity.size(); ++i) {
      label.push_back(static_cast<TimeNs>(i) * step);
      close_time.push_back(label.back() + step);
      close.push_back(10 + static_cast<double>(i));
    }
  }
  HandRun& trade(std::uint64_t entry, std::optional<std::uint64_t> exit, double pnl) {
    result.trades.push_back({.entry_bar = entry,
                             .entry_price = 1,
                             .size = 1,
                             .exit_bar = exit,
                             .exit_price = 1,
                             .pnl = exit ? pnl : kNaN,
                             .commission = 0});
    return *this;
  }
  HandRun& fill(std::uint64_t bar, double quantity, double price, double fee = 0) {
    result.fills.push_back(
        {.order_id = 1, .bar = bar, .quantity = quantity, .price = price, .fee = fee});
    return *this;
  }
  [[nodiscard]] BarColumns bars() const {
    return {.label = label,
            .close_time = close_time,
            .open = close,
            .high = close,
            .low = close,
            .close = close,
            .volume = close};
  }
  // The body's answer about the run as a whole.
  template <class Body>
  [[nodiscard]] auto with_run(Body&& body) const {
    const BarColumns columns = bars();
    return body(FinishedRun{result, columns, interval, account, options});
  }
  [[nodiscard]] MetricFigure figure(Metric key) const {
    const auto all = with_run(compute_metrics);
    return *std::ranges::find(all, key, &MetricFigure::key);
  }
  [[nodiscard]] double operator[](Metric key) const {
    const MetricFigure found = figure(key);
    EXPECT_EQ(found.undefined, Undefined::defined);
    return found.value;
  }
};

inline void expect_undefined(const HandRun& run, Metric key, Undefined why) {
  const MetricFigure found = run.figure(key);
  EXPECT_TRUE(std::isnan(found.value));
  EXPECT_EQ(found.undefined, why);
}

}  // namespace runledger::metrics_test
