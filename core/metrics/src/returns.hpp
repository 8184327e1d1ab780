#pragma once

#include "figure.hpp"

namespace runledger {

// Figures of the equity curve's ends and of its returns.
//
// The base series is equity at the close of each period, with the start cash before the first, so
// that the first return exists. A period is a bar; for bars shorter than a day it is a UTC day,
// whose bars are compounded. r = e[i] / e[i-1] - 1. Sums run from the first period to the last;
// moments are two-pass.
struct ReturnFigures {
  // Last equity - start cash. Currency. Always defined.
  Figure pnl;
  // (last equity / start cash - 1) * 100. Percent. Undefined: start cash not positive.
  Figure return_pct;
  // (last close / first close - 1) * 100 over the bars run. Percent. Undefined: no bars.
  Figure buy_hold_return_pct;
  // ((last equity / start cash)^(365.25 d / elapsed) - 1) * 100, elapsed from the first bar's label
  // to the last one's close. Percent a year. Undefined: no time elapsed; last equity not positive.
  Figure cagr_pct;
  // sd(r) * sqrt(A) * 100, ddof 1. Percent a year. Undefined: fewer than two returns; an equity
  // that is not positive.
  Figure volatility_ann_pct;
  // sqrt(A) * mean(r) / sd(r), ddof 1, risk-free rate 0. Undefined: as volatility; sd at most 1e-12
  // of the greatest |r|.
  Figure sharpe_ratio;
  // A: periods per 365.25 days, (n - 1) over the time from the first label to the last, taken as
  // the nearest of 365, 252, 52, 12, 4, 1 when within 5 % of it. Undefined: fewer than two periods.
  Figure periods_per_year;
  // The last equity; the start cash when there are no bars. Currency. Always defined.
  Figure equity_final;
  // The highest of start cash and equity at every close. Currency. Always defined.
  Figure equity_peak;
};

ReturnFigures return_figures(const FinishedRun& run);

}  // namespace runledger
