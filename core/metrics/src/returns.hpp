#pragma once

#include "base_series.hpp"

namespace runledger {

// Figures of the equity curve's ends. A year is 365.25 days; elapsed time goes from the first bar's
// label to the last one's close.
struct ResultFigures {
  // Last equity - start cash. Currency. Always defined.
  Figure pnl;
  // (last equity / start cash - 1) * 100. Percent. Undefined: start cash not positive.
  Figure return_pct;
  // (last close / first close - 1) * 100 over the bars run. Percent. Undefined: no bars.
  Figure buy_hold_return_pct;
  // ((last equity / start cash)^(A / T) - 1) * 100, T periods. Percent a year. Undefined: fewer
  // than two periods, or a growth so fast that a year of it is no number (too_short); start cash or
  // last equity not positive.
  Figure return_ann_pct;
  // ((last equity / start cash)^(365.25 d / elapsed) - 1) * 100. Percent a year. Undefined: no time
  // elapsed, or as return_ann_pct; start cash or last equity not positive.
  Figure cagr_pct;
  // The last equity; the start cash when there are no bars. Currency. Always defined.
  Figure equity_final;
  // The highest of start cash and equity at every close. Currency. Always defined.
  Figure equity_peak;
  // Elapsed time. Seconds. Undefined: no bars.
  Figure duration;
};
ResultFigures result_figures(const FinishedRun& run, const BaseSeries& series);

// Figures of the returns r of the BaseSeries, T of them, A a year. rf and MAR are the options'
// yearly rates as rates of a period, (1 + rate)^(1 / A) - 1. All are undefined with fewer than two
// periods, and when the start cash or equity at a period's close is not positive; "flat" is sd(r)
// of at most 1e-12 of the greatest |r|.
struct RiskFigures {
  // sd(r) * sqrt(A) * 100, ddof 1. Percent a year.
  Figure volatility_ann_pct;
  // sqrt(A) * (mean(r) - rf) / sd(r), ddof 1 (Sharpe 1994, of excess returns). Undefined: flat.
  Figure sharpe_ratio;
  // sqrt(A) * (mean(r) - MAR) / sqrt(sum(min(r - MAR, 0)^2) / T): the deviation is over all T
  // (Sortino and Price 1994). Undefined: no r below MAR.
  Figure sortino_ratio;
  // sum(max(r - MAR, 0)) / sum(max(MAR - r, 0)) (Keating and Shadwick 2002). Undefined: no r below.
  Figure omega_ratio;
  // |q95 / q05| of r, type 7 quantiles. Undefined: q05 is zero.
  Figure tail_ratio;
  // q05 of r, a return: -0.02 is a loss of two percent in a period.
  Figure var_95;
  // Mean of the r at or below var_95. A return.
  Figure cvar_95;
  // mean(r) + z * sd(r), ddof 1, z = -1.6448536269514722 the normal distribution's 5 % quantile.
  Figure var_95_gaussian;
  // mean(r) - sd(r) * pdf(z) / 0.05: what a normal distribution has on average beyond the former.
  Figure cvar_95_gaussian;
  // Population g3 = m3 / m2^1.5, and raw g4 = m4 / m2^2 (3 for the normal distribution), the
  // moments divided by T. Undefined: flat.
  Figure skewness;
  Figure raw_kurtosis;
  // mean(r) / sd(r)^2, ddof 1: the share of the equity to put at risk (Thorp 2006), not annualised.
  // Undefined: flat.
  Figure kelly_continuous;
};
RiskFigures risk_figures(const FinishedRun& run, const BaseSeries& series, const Returns& returns);

}  // namespace runledger
