#pragma once

#include "base_series.hpp"

namespace runledger {

// Figures of the run's returns r against those b of the price itself, period by period from the
// second period on: what buying and holding the same instrument gave. rf as in RiskFigures. All are
// undefined when the returns are (see Returns), and with fewer than two pairs (too_few_returns).
struct BenchmarkFigures {
  // Slope of the least-squares line of r - rf on b - rf: cov(r, b) / var(b). Undefined: b is flat.
  Figure beta;
  // Intercept of that line a year: A * (mean(r - rf) - beta * mean(b - rf)) * 100. Percent.
  // Undefined: as beta.
  Figure alpha_pct;
  // sd(r - b) * sqrt(A) * 100, ddof 1. Percent a year.
  Figure tracking_error_pct;
  // sqrt(A) * mean(r - b) / sd(r - b), ddof 1 (Sharpe 1994). Undefined: r - b is flat.
  Figure information_ratio;
};
BenchmarkFigures benchmark_figures(const FinishedRun& run, const BaseSeries& series,
                                   const Returns& returns);

}  // namespace runledger
