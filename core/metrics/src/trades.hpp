#pragma once

#include "figure.hpp"

namespace runledger {

// Figures of the trades. A trade goes from entry to exit, first in first out; its pnl is net of the
// commission of both. A win is a closed trade with pnl > 0, a loss one with pnl < 0. Under the
// reference account a win is one with pnl >= 0, as in the system that it is compared with.
struct TradeFigures {
  // All trades, one still open included. Count. Always defined, as are the next three.
  Figure total_trades;
  Figure winning_trades;
  Figure losing_trades;
  Figure open_trades;
  // 100 * wins / closed trades. Percent. Undefined: no closed trade.
  Figure win_rate;
  // Sum of the wins' pnl / -sum of the losses' pnl. Ratio. Undefined: no closed trade; no loss.
  Figure profit_factor;
  // Mean time from the label of the entry bar to that of the exit bar, over closed trades. Seconds.
  // Undefined: no closed trade.
  Figure avg_trade_duration;
  // 100 * bars with an open position at their close / bars run. Percent. Undefined: no bars.
  Figure exposure_time_pct;
  // Sum of the fees of all fills. Currency. Always defined.
  Figure commissions;
};

TradeFigures trade_figures(const FinishedRun& run);

}  // namespace runledger
