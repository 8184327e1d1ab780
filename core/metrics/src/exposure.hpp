#pragma once

#include "base_series.hpp"

namespace runledger {

// Figures of how much was held and traded.
struct ExposureFigures {
  // 100 * bars with an open trade at their close / bars run. Percent. Undefined: no bars.
  Figure exposure_time_pct;
  // 100 * mean over the bars of |units held| * close / equity, and of the same with the sign of the
  // position. Percent. Undefined: no bars; equity not positive at a close.
  Figure exposure_gross_pct;
  Figure exposure_net_pct;
  // sum(|units| * price) of all fills / years / mean equity at the closes: two-sided, so buying and
  // selling the whole account once a year is 2. Years by the calendar, of 365.25 days. Ratio a
  // year. Undefined: no time elapsed; mean equity not positive.
  Figure turnover_ann;
  // Sum of the fees of all fills. Currency. Always defined.
  Figure commissions;
};

ExposureFigures exposure_figures(const FinishedRun& run, const BaseSeries& series,
                                 const Figure& duration);

}  // namespace runledger
