#pragma once

#include "figure.hpp"

namespace runledger {

// Figures of how far, and for how long, equity lay below its highest so far, at the close of every
// bar. The peak is the running maximum of the start cash (at the first bar's label) and of equity
// at every close. A drawdown goes from a peak's last close to the close that reached it again, or
// to the end when none did. Percents are undefined when the start cash is not positive.
struct DrawdownFigures {
  // The greatest 100 * (peak - equity) / peak. Percent, positive; above 100 when equity went below
  // zero; 0 when it never fell.
  Figure max_drawdown;
  // The greatest peak - equity. Currency, positive. Always defined.
  Figure max_drawdown_money;
  // Mean of the deepest point of each drawdown. Percent, positive. Undefined: no drawdown.
  Figure avg_drawdown;
  // The longest of them. Seconds by the calendar; 0 when equity never fell. Always defined.
  Figure max_drawdown_duration;
  // Mean of their lengths. Seconds. Undefined: no drawdown.
  Figure avg_drawdown_duration;
  // The same in bars: closes from the peak's to the last one of the drawdown.
  Figure max_drawdown_bars;
  Figure avg_drawdown_bars;
  // 1 when the longest drawdown in time had not recovered by the end, else 0. Always defined.
  Figure unrecovered;
  // sqrt(sum(d^2) / n) of the n bars, d = 100 * (peak - equity) / peak (Martin 1987). Percent.
  // Undefined: no bars.
  Figure ulcer_index;
};

DrawdownFigures drawdown_figures(const FinishedRun& run);

// CAGR / max_drawdown over the whole run. Undefined: as either; no drawdown.
Figure calmar_ratio(const Figure& cagr_pct, const Figure& max_drawdown);

}  // namespace runledger
