#pragma once

#include "figure.hpp"

namespace runledger {

// Figures of how far, and for how long, equity lay below its highest so far. The peak is the
// running maximum of the start cash (at the first bar's label) and of equity at every close.
struct DrawdownFigures {
  // The greatest 100 * (peak - equity) / peak. Percent, positive; above 100 when equity went below
  // zero; 0 when it never fell. Undefined: start cash not positive.
  Figure max_drawdown;
  // The greatest peak - equity. Currency, positive. Always defined.
  Figure max_drawdown_money;
  // The longest time from a peak's last close to the close that reached it again, or to the end
  // when none did. Seconds by the calendar; 0 when equity never fell. Always defined.
  Figure max_drawdown_duration;
};

DrawdownFigures drawdown_figures(const FinishedRun& run);

}  // namespace runledger
