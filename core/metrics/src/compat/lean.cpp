#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <runledger/base/time.hpp>

#include "../drawdown.hpp"
#include "../moments.hpp"
#include "sheet.hpp"

// LEAN's statistics of daily samples and of closed trades.
namespace runledger {
namespace {

double rounded_to_thousandths(double value) { return std::round(value * 1'000) / 1'000; }

// (1 + mean)^A - 1: its yearly performance.
double performance(double mean, double periods) { return std::pow(1 + mean, periods) - 1; }

Figure compounding_annual_return(const Sheet& sheet) {
  const FinishedRun& run = sheet.run();
  const Figure duration = sheet.own(Metric::duration);
  if (!duration.defined()) return duration;
  const double start = run.result.start_cash;
  const double last = run.result.equity.back();
  if (!(start > 0) || !(last > 0)) return Figure::none(Undefined::equity_not_positive);
  return Figure::of_growth(100 * (std::pow(last / start, 365.0 * 86'400 / duration.value) - 1));
}

// Its rates of a trade are of the cash that start cash and the trades before it leave.
struct Rates {
  double wins = 0, won = 0, losses = 0, lost = 0;
  double profit = 0, loss = 0;  // currency
  [[nodiscard]] double count() const { return wins + losses; }
};

Rates rates_of(const RunResult& result) {
  Rates rates;
  double cash = result.start_cash;
  for (const TradeRecord& trade : result.trades) {
    if (!trade.exit_bar) continue;
    if (trade.pnl > 0) {
      ++rates.wins;
      rates.won += trade.pnl / cash;
      rates.profit += trade.pnl;
    } else {
      ++rates.losses;
      rates.lost += trade.pnl / cash;
      rates.loss -= trade.pnl;
    }
    cash += trade.pnl;
  }
  return rates;
}

void add_trades(Sheet& sheet) {
  const Rates rates = rates_of(sheet.run().result);
  const auto side = [&](double count, double value, Undefined why) {
    return rates.count() == 0 ? Figure::none(Undefined::no_trades)
           : count == 0       ? Figure::none(why)
                              : Figure::of(value);
  };
  const Figure win = side(rates.wins, rates.won / rates.wins, Undefined::no_wins);
  const Figure loss = side(rates.losses, rates.lost / rates.losses, Undefined::no_losses);
  const Figure ratio = loss.defined() && loss.value == 0 ? Figure::none(Undefined::no_losses)
                                                         : scaled(quotient(win, loss), -1);
  const double won = rates.wins / rates.count();
  sheet.add("Average Win", "%", scaled(win, 100));
  sheet.add("Average Loss", "%", scaled(loss, 100));
  sheet.add("Win Rate", "%", side(1, 100 * won, Undefined::no_trades));
  sheet.add("Loss Rate", "%", side(1, 100 * (1 - won), Undefined::no_trades));
  sheet.add("Profit-Loss Ratio", "", ratio);
  sheet.add("Expectancy", "", ratio.defined() ? Figure::of(won * ratio.value - (1 - won)) : ratio);
  // Ten stands for a profit without a loss.
  sheet.add("Profit Factor", "",
            side(1,
                 rates.loss > 0     ? rates.profit / rates.loss
                 : rates.profit > 0 ? 10
                                    : 0,
                 Undefined::no_trades));
}

// Deviation of the negative returns about their own mean, ddof 1.
Figure sortino(std::span<const double> returns, double excess, double root) {
  std::vector<double> negative;
  std::ranges::copy_if(returns, std::back_inserter(negative), [](double r) { return r < 0; });
  if (negative.size() < 2) return Figure::none(Undefined::no_return_below);
  const Moments moments = moments_of(negative);
  return moments.flat() ? Figure::none(Undefined::zero_variance)
                        : Figure::of_growth(excess / (moments.deviation() * root));
}

// Of the last A periods, rounded to three decimals.
Figure value_at_risk(std::span<const double> returns, double periods) {
  constexpr double kNormalQuantile = -1.6448536269514722;
  const auto most = static_cast<std::size_t>(std::max(periods, 2.0));
  const Moments moments = moments_of(returns.last(std::min(returns.size(), most)));
  return Figure::of(rounded_to_thousandths(moments.mean + kNormalQuantile * moments.deviation()));
}

void add_risk(Sheet& sheet) {
  const double periods = sheet.periods();
  const double root = std::sqrt(periods);
  const Moments& moments = sheet.returns().moments();
  const double excess = performance(moments.mean, periods) - sheet.run().options.risk_free_rate;
  const double deviation = moments.count == 0 ? 0 : moments.deviation() * root;
  const auto of_returns = [&](auto&& f) { return sheet.of_returns(f); };
  sheet.add("Sharpe Ratio", "", of_returns([&](std::span<const double>) {
              return moments.flat() ? Figure::none(Undefined::zero_variance)
                                    : Figure::of_growth(excess / deviation);
            }));
  sheet.add("Sortino Ratio", "", of_returns([&](std::span<const double> returns) {
              return sortino(returns, excess, root);
            }));
  sheet.add("Annual Standard Deviation", "",
            of_returns([&](std::span<const double>) { return Figure::of(deviation); }));
  sheet.add("Annual Variance", "",
            of_returns([&](std::span<const double>) { return Figure::of(deviation * deviation); }));
  sheet.add("Value at Risk 95", "", of_returns([&](std::span<const double> returns) {
              return value_at_risk(returns, periods);
            }));
}

// Yearly performances of both series make alpha and the ratios, beta is that of the returns.
void add_benchmark(Sheet& sheet) {
  const Figure beta = sheet.own(Metric::beta);
  const Figure error = scaled(sheet.own(Metric::tracking_error_pct), 0.01);
  const double periods = sheet.periods();
  const double free = sheet.run().options.risk_free_rate;
  const std::span<const double> price = sheet.returns().price();
  const bool any = error.defined();
  const Moments own = any ? moments_of(sheet.returns().own().subspan(1)) : Moments{};
  const Moments market = any ? moments_of(price) : Moments{};
  const double gained = performance(own.mean, periods);
  const double market_gained = performance(market.mean, periods);
  const Figure information = sheet.own(Metric::information_ratio);
  sheet.add("Alpha", "",
            beta.defined()
                ? Figure::of_growth(gained - (free + beta.value * (market_gained - free)))
                : beta);
  sheet.add("Beta", "", beta);
  sheet.add("Information Ratio", "",
            information.defined() ? Figure::of_growth((gained - market_gained) / error.value)
                                  : information);
  sheet.add("Tracking Error", "", error);
  const bool slopes = beta.defined() && beta.value != 0;
  sheet.add("Treynor Ratio", "",
            slopes           ? Figure::of_growth((gained - free) / beta.value)
            : beta.defined() ? Figure::none(Undefined::zero_variance)
                             : beta);
}

// Value traded in a period by equity at its close, averaged over all periods.
Figure portfolio_turnover(const Sheet& sheet) {
  const FinishedRun& run = sheet.run();
  if (run.bars_run() == 0) return Figure::none(Undefined::too_short);
  const std::span<const TimeNs> label = sheet.series().label();
  double sum = 0;
  std::size_t period = 0;
  for (const FillRecord& fill : run.result.fills) {
    while (period + 1 < label.size() && label[period + 1] <= run.bars.label[fill.bar]) ++period;
    const double equity = sheet.series().equity()[period];
    if (!(equity > 0)) return Figure::none(Undefined::equity_not_positive);
    sum += std::abs(fill.quantity) * fill.price / equity;
  }
  return Figure::of(100 * sum / static_cast<double>(label.size()));
}

// The longest that recovered.
Figure drawdown_recovery(const Sheet& sheet) {
  const std::span<const TimeNs> label = sheet.series().label();
  double longest = 0;
  for (const Episode& episode : sheet.episodes()) {
    if (!episode.recovered) continue;
    const std::size_t from = episode.peak == 0 ? 0 : episode.peak - 1;
    const auto time = static_cast<double>(elapsed_ns(label[from], label[episode.end - 1]));
    longest = std::max(longest, time / static_cast<double>(kDayNs));
  }
  return Figure::of(longest);
}

}  // namespace

void add_lean(Sheet& sheet) {
  const FinishedRun& run = sheet.run();
  sheet.add("Total Orders", "", Figure::of(static_cast<double>(run.result.orders.size())));
  add_trades(sheet);
  sheet.add("Compounding Annual Return", "%", compounding_annual_return(sheet));
  const Figure drawdown = sheet.max_drawdown();
  sheet.add(
      "Drawdown", "%",
      drawdown.defined() ? Figure::of(rounded_to_thousandths(drawdown.value) * 100) : drawdown);
  sheet.add("Start Equity", "$", Figure::of(run.result.start_cash));
  sheet.add("End Equity", "$", sheet.own(Metric::equity_final));
  sheet.add("Net Profit", "%", sheet.own(Metric::return_pct));
  add_risk(sheet);
  add_benchmark(sheet);
  sheet.add("Total Fees", "$", sheet.own(Metric::commissions));
  sheet.add("Portfolio Turnover", "%", portfolio_turnover(sheet));
  sheet.add("Drawdown Recovery", "days", drawdown_recovery(sheet));
}

}  // namespace runledger
