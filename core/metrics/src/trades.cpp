#include "trades.hpp"

#include <algorithm>

#include <runledger/base/time.hpp>

namespace runledger {
namespace {

// Trades are in order of entry, being closed first in first out, and may overlap.
std::uint64_t bars_in_position(const RunResult& result) {
  std::uint64_t count = 0;
  std::uint64_t covered = 0;
  for (const TradeRecord& trade : result.trades) {
    const std::uint64_t end = trade.exit_bar.value_or(result.equity.size());
    const std::uint64_t begin = std::max(trade.entry_bar, covered);
    if (end > begin) count += end - begin;
    covered = std::max(covered, end);
  }
  return count;
}

struct Closed {
  std::uint64_t trades = 0, wins = 0, losses = 0;
  double gross_profit = 0, gross_loss = 0, seconds = 0;
};

Closed sum_closed(const FinishedRun& run) {
  const bool zero_wins = run.account == AccountKind::reference;
  Closed closed;
  for (const TradeRecord& trade : run.result.trades) {
    if (!trade.exit_bar) continue;
    ++closed.trades;
    if (trade.pnl > 0 || (zero_wins && trade.pnl == 0)) {
      ++closed.wins;
      closed.gross_profit += trade.pnl;
    } else if (trade.pnl < 0) {
      ++closed.losses;
      closed.gross_loss -= trade.pnl;
    }
    const std::uint64_t held =
        elapsed_ns(run.bars.label[trade.entry_bar], run.bars.label[*trade.exit_bar]);
    closed.seconds += static_cast<double>(held) / static_cast<double>(kSecondNs);
  }
  return closed;
}

Figure count(std::uint64_t value) { return Figure::of(static_cast<double>(value)); }

}  // namespace

TradeFigures trade_figures(const FinishedRun& run) {
  const Closed closed = sum_closed(run);
  const auto trades = static_cast<double>(closed.trades);
  const Figure no_trades = Figure::none(Undefined::no_trades);
  double commissions = 0;
  for (const FillRecord& fill : run.result.fills) commissions += fill.fee;
  TradeFigures figures;
  figures.total_trades = count(run.result.trades.size());
  figures.winning_trades = count(closed.wins);
  figures.losing_trades = count(closed.losses);
  figures.open_trades = count(run.result.trades.size() - closed.trades);
  figures.win_rate =
      closed.trades == 0 ? no_trades : Figure::of(100 * static_cast<double>(closed.wins) / trades);
  figures.profit_factor = closed.trades == 0 ? no_trades
                          : closed.losses == 0
                              ? Figure::none(Undefined::no_losses)
                              : Figure::of(closed.gross_profit / closed.gross_loss);
  figures.avg_trade_duration = closed.trades == 0 ? no_trades : Figure::of(closed.seconds / trades);
  figures.exposure_time_pct =
      run.bars_run() == 0 ? Figure::none(Undefined::too_short)
                          : Figure::of(100 * static_cast<double>(bars_in_position(run.result)) /
                                       static_cast<double>(run.bars_run()));
  figures.commissions = Figure::of(commissions);
  return figures;
}

}  // namespace runledger
