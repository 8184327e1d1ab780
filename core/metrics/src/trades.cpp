#include "trades.hpp"

#include <algorithm>
#include <cmath>

#include <runledger/base/time.hpp>

namespace runledger {
namespace {

// A product of many factors: its logarithm is taken now and then, so that it stays in range.
class LongProduct {
 public:
  void multiply(double factor) {
    product_ *= factor;
    if (product_ > 1e100 || product_ < 1e-100) {
      log_ += std::log(product_);
      product_ = 1;
    }
  }
  [[nodiscard]] double root(double degree) const {
    return std::exp((log_ + std::log(product_)) / degree);
  }

 private:
  double product_ = 1, log_ = 0;
};

struct Side {
  double count = 0;
  double pnl = 0;      // summed
  double extreme = 0;  // the greatest win, the lowest loss
  std::uint64_t in_a_row = 0, longest_row = 0;

  void add(double trade_pnl) {
    ++count;
    pnl += trade_pnl;
    extreme = std::abs(trade_pnl) > std::abs(extreme) ? trade_pnl : extreme;
    longest_row = std::max(longest_row, ++in_a_row);
  }
};

struct Closed {
  double count = 0;
  double pnl = 0, greatest_pnl = 0, returns = 0;
  double best = -std::numeric_limits<double>::infinity();
  double worst = std::numeric_limits<double>::infinity();
  LongProduct growth;
  bool lost_everything = false;
  double seconds = 0, most_seconds = 0;
  Side wins, losses;
};

double seconds_held(const FinishedRun& run, const TradeRecord& trade) {
  const auto held = elapsed_ns(run.bars.label[trade.entry_bar], run.bars.label[*trade.exit_bar]);
  return static_cast<double>(held) / static_cast<double>(kSecondNs);
}

void add_trade(Closed& closed, const FinishedRun& run, const TradeRecord& trade) {
  const double share = trade_return(trade);
  ++closed.count;
  closed.pnl += trade.pnl;
  closed.greatest_pnl = std::max(closed.greatest_pnl, std::abs(trade.pnl));
  closed.returns += share;
  closed.best = std::max(closed.best, share);
  closed.worst = std::min(closed.worst, share);
  closed.lost_everything = closed.lost_everything || !(share > -1);
  if (!closed.lost_everything) closed.growth.multiply(1 + share);
  const double seconds = seconds_held(run, trade);
  closed.seconds += seconds;
  closed.most_seconds = std::max(closed.most_seconds, seconds);
  const bool zero_wins = run.account == AccountKind::reference;
  const bool won = trade.pnl > 0 || (zero_wins && trade.pnl == 0);
  const bool lost = trade.pnl < 0;
  if (won) closed.wins.add(trade.pnl);
  if (lost) closed.losses.add(trade.pnl);
  if (!won) closed.wins.in_a_row = 0;
  if (!lost) closed.losses.in_a_row = 0;
}

Closed sum_closed(const FinishedRun& run) {
  Closed closed;
  for (const TradeRecord& trade : run.result.trades) {
    if (trade.exit_bar) add_trade(closed, run, trade);
  }
  return closed;
}

Figure count(double value) { return Figure::of(value); }

void add_sides(TradeFigures& figures, const Closed& closed) {
  const Side& wins = closed.wins;
  const Side& losses = closed.losses;
  const auto of = [](const Side& side, double value, Undefined why) {
    return side.count == 0 ? Figure::none(why) : Figure::of(value);
  };
  figures.avg_win = of(wins, wins.pnl / wins.count, Undefined::no_wins);
  figures.avg_loss = of(losses, losses.pnl / losses.count, Undefined::no_losses);
  figures.largest_win = of(wins, wins.extreme, Undefined::no_wins);
  figures.largest_loss = of(losses, losses.extreme, Undefined::no_losses);
  figures.profit_factor = of(losses, wins.pnl / -losses.pnl, Undefined::no_losses);
  figures.payoff_ratio = scaled(quotient(figures.avg_win, figures.avg_loss), -1);
  const double won = wins.count / closed.count;
  figures.kelly_criterion = wins.pnl == 0 ? Figure::none(Undefined::no_wins) : figures.payoff_ratio;
  if (figures.kelly_criterion.defined())
    figures.kelly_criterion.value = won - (1 - won) / figures.payoff_ratio.value;
}

void add_quality(TradeFigures& figures, const FinishedRun& run, const Closed& closed) {
  if (closed.count < 2) {
    figures.sqn = figures.sqn_100 = Figure::none(Undefined::too_few_trades);
    return;
  }
  const double mean = closed.pnl / closed.count;
  double squares = 0;
  for (const TradeRecord& trade : run.result.trades) {
    if (trade.exit_bar) squares += (trade.pnl - mean) * (trade.pnl - mean);
  }
  const double deviation = std::sqrt(squares / (closed.count - 1));
  if (vanishes(deviation, closed.greatest_pnl)) {
    figures.sqn = figures.sqn_100 = Figure::none(Undefined::trades_do_not_vary);
    return;
  }
  figures.sqn = Figure::of(std::sqrt(closed.count) * mean / deviation);
  figures.sqn_100 = Figure::of(std::sqrt(std::min(closed.count, 100.0)) * mean / deviation);
}

void make_undefined(TradeFigures& figures) {
  const Figure none = Figure::none(Undefined::no_trades);
  for (Figure* figure :
       {&figures.win_rate, &figures.best_trade_pct, &figures.worst_trade_pct,
        &figures.avg_trade_pct, &figures.max_trade_duration, &figures.avg_trade_duration,
        &figures.profit_factor, &figures.payoff_ratio, &figures.expectancy, &figures.expectancy_pct,
        &figures.sqn, &figures.sqn_100, &figures.kelly_criterion, &figures.avg_win,
        &figures.avg_loss, &figures.largest_win, &figures.largest_loss}) {
    *figure = none;
  }
}

}  // namespace

double trade_return(const TradeRecord& trade) {
  return trade.pnl / (std::abs(trade.size) * trade.entry_price);
}

TradeFigures trade_figures(const FinishedRun& run) {
  const Closed closed = sum_closed(run);
  const auto trades = static_cast<double>(run.result.trades.size());
  TradeFigures figures;
  figures.total_trades = count(trades);
  figures.winning_trades = count(closed.wins.count);
  figures.losing_trades = count(closed.losses.count);
  figures.open_trades = count(trades - closed.count);
  figures.max_consecutive_wins = count(static_cast<double>(closed.wins.longest_row));
  figures.max_consecutive_losses = count(static_cast<double>(closed.losses.longest_row));
  if (closed.count == 0) {
    make_undefined(figures);
    return figures;
  }
  figures.win_rate = Figure::of(100 * closed.wins.count / closed.count);
  figures.best_trade_pct = Figure::of(100 * closed.best);
  figures.worst_trade_pct = Figure::of(100 * closed.worst);
  figures.avg_trade_pct = closed.lost_everything
                              ? Figure::none(Undefined::trade_lost_everything)
                              : Figure::of(100 * (closed.growth.root(closed.count) - 1));
  figures.max_trade_duration = Figure::of(closed.most_seconds);
  figures.avg_trade_duration = Figure::of(closed.seconds / closed.count);
  figures.expectancy = Figure::of(closed.pnl / closed.count);
  figures.expectancy_pct = Figure::of(100 * closed.returns / closed.count);
  add_sides(figures, closed);
  add_quality(figures, run, closed);
  return figures;
}

}  // namespace runledger
