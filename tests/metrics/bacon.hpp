#pragma once

#include <array>
#include <span>

#include "hand_run.hpp"

namespace runledger::metrics_test {

// Bacon's 24 months in percent: the series on which published conventions are compared.
inline constexpr std::array kBaconMonths{.3,   2.6,  1.1, -1.0, 1.5,  2.5,  1.6,  6.7,
                                         -1.4, 4.0,  -.5, 8.1,  4.0,  -3.7, -6.1, 1.7,
                                         -4.9, -2.2, 7.0, 5.8,  -6.5, 2.4,  -.5,  -.9};
inline constexpr std::array kBaconBenchmark{.2,   2.5, 1.8, -1.1, 1.4,  1.8,  1.4,  6.5,
                                            -1.5, 4.2, -.6, 8.3,  3.9,  -3.8, -6.2, 1.5,
                                            -4.8, 2.1, 6.0, 5.6,  -6.7, 1.9,  -.3,  0.};

// A run from 1 with these returns, one a bar of length `step`.
inline HandRun run_of_returns(std::span<const double> returns, TimeNs step) {
  std::vector<double> equity;
  double value = 1;
  for (const double growth : returns) equity.push_back(value *= 1 + growth);
  return {1, std::move(equity), step};
}

// Months of one twelfth of 365.25 days, so that 24 of them are two years exactly.
inline HandRun run_of_months(std::span<const double> percents) {
  std::vector<double> returns;
  for (const double percent : percents) returns.push_back(percent / 100);
  HandRun run = run_of_returns(returns, static_cast<TimeNs>(30.4375 * static_cast<double>(kDayNs)));
  run.interval = {1, IntervalUnit::month};
  return run;
}

inline HandRun bacon() { return run_of_months(kBaconMonths); }
inline HandRun bacon_benchmark() { return run_of_months(kBaconBenchmark); }

// The same months with the benchmark as prices, and a bar before them, on which nothing happens:
// what a price did in a run's first bar is not known.
inline HandRun bacon_from_a_first_close() {
  const auto with_first = [](std::span<const double> percents) {
    std::vector<double> all{0};
    all.insert(all.end(), percents.begin(), percents.end());
    return run_of_months(all);
  };
  HandRun run = with_first(kBaconMonths);
  run.close = with_first(kBaconBenchmark).result.equity;
  return run;
}

}  // namespace runledger::metrics_test
