#pragma once

#include "figure.hpp"

namespace runledger {

// Figures of the trades. A trade goes from entry to exit, first in first out; its pnl is net of the
// commission of both but of no interest or borrow fee, its return that pnl / (units * entry price).
// Only closed trades have either. A win is a closed trade with pnl > 0, a loss one with pnl < 0.
// Under the reference account a win is one with pnl >= 0, as in the system that it is compared
// with. Durations go from the label of the entry bar to that of the exit bar. What is no count is
// undefined without a closed trade.
struct TradeFigures {
  // All trades, one still open included. Count. Always defined, as are the next three.
  Figure total_trades;
  Figure winning_trades;
  Figure losing_trades;
  Figure open_trades;
  // 100 * wins / closed trades. Percent.
  Figure win_rate;
  // Highest and lowest return of a trade. Percent.
  Figure best_trade_pct;
  Figure worst_trade_pct;
  // Geometric mean of the trades' returns: (prod(1 + x)^(1 / n) - 1) * 100. Percent. Undefined: a
  // trade lost all that its entry was worth, or more.
  Figure avg_trade_pct;
  // Longest and mean duration. Seconds.
  Figure max_trade_duration;
  Figure avg_trade_duration;
  // The longest row of wins, of losses, in order of exit; a trade of zero pnl ends both. Count,
  // always defined.
  Figure max_consecutive_wins;
  Figure max_consecutive_losses;
  // Sum of the wins' pnl / -sum of the losses' pnl. Ratio. Undefined: no loss.
  Figure profit_factor;
  // Mean pnl of the wins / -mean pnl of the losses. Ratio. Undefined: no win; no loss.
  Figure payoff_ratio;
  // Mean pnl. Currency.
  Figure expectancy;
  // Arithmetic mean of the trades' returns. Percent.
  Figure expectancy_pct;
  // System quality number: sqrt(n) * mean(pnl) / sd(pnl), ddof 1. Van Tharp's has R multiples where
  // this has pnl. Undefined: fewer than two closed trades; sd at most 1e-12 of the greatest |pnl|.
  Figure sqn;
  // The same with min(n, 100) under the root.
  Figure sqn_100;
  // W - (1 - W) / payoff ratio, W = wins / closed trades (Kelly 1956). Undefined: no win, or none
  // of more than zero; no loss.
  Figure kelly_criterion;
  // Mean and extreme pnl of the wins, and of the losses, which are negative. Currency. Undefined:
  // no win; no loss.
  Figure avg_win;
  Figure avg_loss;
  Figure largest_win;
  Figure largest_loss;
};

TradeFigures trade_figures(const FinishedRun& run);

// Pnl of a closed trade / (units * entry price): 0.02 is two percent.
double trade_return(const TradeRecord& trade);

}  // namespace runledger
