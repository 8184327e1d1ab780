#include <algorithm>
#include <cmath>
#include <vector>

#include <runledger/base/time.hpp>

#include "../moments.hpp"
#include "../trades.hpp"
#include "sheet.hpp"

// backtesting.py: the series starts at the first close, and only closed trades are known.
namespace runledger {
namespace {

constexpr double kDay = static_cast<double>(kDayNs);

// Saturday and Sunday, UTC; 1970-01-01 was a Thursday.
bool is_weekend(TimeNs time) {
  const TimeNs days = time / kDayNs - (time % kDayNs < 0 ? 1 : 0);
  const TimeNs weekday = ((days + 3) % 7 + 7) % 7;  // Monday is 0
  return weekday >= 5;
}

// From the median of the last gaps between labels; days by whether bars lie on weekends.
double periods_per_year(std::span<const TimeNs> label) {
  constexpr std::size_t kLast = 100;
  std::vector<double> gaps;
  const std::size_t from = label.size() > kLast ? label.size() - kLast : 0;
  for (std::size_t i = from + 1; i < label.size(); ++i)
    gaps.push_back(static_cast<double>(elapsed_ns(label[i - 1], label[i])));
  std::ranges::sort(gaps);
  const std::size_t half = gaps.size() / 2;
  const double median = gaps.empty()           ? 0
                        : gaps.size() % 2 == 1 ? gaps[half]
                                               : (gaps[half - 1] + gaps[half]) / 2;
  const double days = std::floor(median / kDay);
  if (days == 7) return 52;
  if (days == 31) return 12;
  if (days == 365) return 1;
  const auto on_weekends = static_cast<double>(std::ranges::count_if(label, is_weekend));
  return on_weekends / static_cast<double>(label.size()) > 2.0 / 7 * 0.6 ? 365 : 252;
}

// exp(mean(log(1 + x))) - 1, and 0 when one lost everything.
double geometric_mean(std::span<const double> values) {
  double logarithms = 0;
  for (const double value : values) {
    if (!(value > -1)) return 0;
    logarithms += std::log1p(value);
  }
  return std::expm1(logarithms / static_cast<double>(values.size()));
}

// The returns after the first close, and what a year is made of.
struct Yearly {
  double periods = 0, growth = 0, volatility = 0, downside = 0;
};

Yearly yearly_of(std::span<const double> returns, double periods) {
  const Moments moments = moments_of(returns);
  const double growth = geometric_mean(returns);
  const double square = (1 + growth) * (1 + growth);
  const double variance = moments.deviation() * moments.deviation();
  const double below = sides_of(returns, 0).below_squares / moments.count;
  return {.periods = periods,
          .growth = std::pow(1 + growth, periods) - 1,
          .volatility = std::sqrt(std::pow(variance + square, periods) - std::pow(square, periods)),
          .downside = std::sqrt(below * periods)};
}

// From the first label to the last.
Figure cagr(const FinishedRun& run) {
  const std::span<const TimeNs> label = run.bars.label.first(run.bars_run());
  const double years =
      static_cast<double>(elapsed_ns(label.front(), label.back())) / (365.25 * kDay);
  const double first = run.result.equity.front();
  if (!(first > 0)) return Figure::none(Undefined::equity_not_positive);
  return Figure::of_growth(100 * (std::pow(run.result.equity.back() / first, 1 / years) - 1));
}

void add_yearly(Sheet& sheet, const std::vector<Episode>& episodes) {
  const FinishedRun& run = sheet.run();
  const std::span<const TimeNs> label = run.bars.label.first(run.bars_run());
  const std::size_t returns = sheet.returns().own().size();
  const Undefined why = sheet.returns().undefined() != Undefined::defined
                            ? sheet.returns().undefined()
                        : returns < 3 ? Undefined::too_few_returns
                                      : Undefined::defined;
  const auto figure = [&](double value) {
    return why == Undefined::defined ? Figure::of_growth(value) : Figure::none(why);
  };
  const Yearly yearly = why == Undefined::defined
                            ? yearly_of(sheet.returns().own().subspan(1), periods_per_year(label))
                            : Yearly{};
  const double free = run.options.risk_free_rate;
  const auto ratio = [&](double excess, double by, Undefined zero) {
    return why == Undefined::defined && !(by > 0) ? Figure::none(zero) : figure(excess / by);
  };
  sheet.add("Return (Ann.) [%]", "%", figure(100 * yearly.growth));
  sheet.add("Volatility (Ann.) [%]", "%", figure(100 * yearly.volatility));
  sheet.add("CAGR [%]", "%", why == Undefined::defined ? cagr(run) : Figure::none(why));
  sheet.add("Sharpe Ratio", "",
            ratio(yearly.growth - free, yearly.volatility, Undefined::zero_variance));
  sheet.add("Sortino Ratio", "",
            ratio(yearly.growth - free, yearly.downside, Undefined::no_return_below));
  sheet.add("Calmar Ratio", "", ratio(yearly.growth, deepest(episodes), Undefined::no_drawdown));
}

std::vector<double> logarithmic_returns(std::span<const double> values) {
  std::vector<double> returns;
  for (std::size_t i = 1; i < values.size(); ++i)
    returns.push_back(std::log(values[i] / values[i - 1]));
  return returns;
}

double percent_growth(std::span<const double> values) {
  return 100 * (values.back() - values.front()) / values.front();
}

// Beta of the bars' logarithmic returns; alpha of the total ones.
void add_line(Sheet& sheet) {
  const FinishedRun& run = sheet.run();
  const std::span<const double> equity = run.result.equity;
  const std::span<const double> close = run.bars.close.first(run.bars_run());
  const bool positive = sheet.series().bar_equity().lowest > 0;
  const auto undefined = [&](Undefined why) {
    sheet.add("Alpha [%]", "%", Figure::none(why));
    sheet.add("Beta", "", Figure::none(why));
  };
  if (equity.size() < 3) return undefined(Undefined::too_few_returns);
  if (!positive) return undefined(Undefined::equity_not_positive);
  const std::vector<double> own = logarithmic_returns(equity);
  const std::vector<double> market = logarithmic_returns(close);
  const Moments moments = moments_of(market);
  if (moments.flat()) return undefined(Undefined::prices_do_not_vary);
  const double beta = pairing_of(own, moments_of(own).mean, market).covariance / moments.second;
  const double free = 100 * run.options.risk_free_rate;
  sheet.add("Alpha [%]", "%",
            Figure::of(percent_growth(equity) - free - beta * (percent_growth(close) - free)));
  sheet.add("Beta", "", Figure::of(beta));
}

// Durations are rounded up to what bars are counted in.
double rounded_up(double seconds, Interval interval) {
  const double unit = interval.unit == IntervalUnit::minute ? 60
                      : interval.unit == IntervalUnit::hour ? 3'600
                                                            : 86'400;
  return std::ceil(seconds / unit) * unit;
}

// Drawdowns that are under water at no more than the last bar are none.
void add_drawdowns(Sheet& sheet, const std::vector<Episode>& episodes) {
  const FinishedRun& run = sheet.run();
  double count = 0, depths = 0, times = 0, longest = 0;
  for (const Episode& episode : episodes) {
    if (episode.end <= episode.peak + 1) continue;
    const double seconds =
        static_cast<double>(elapsed_ns(run.bars.label[episode.peak], run.bars.label[episode.end])) /
        static_cast<double>(kSecondNs);
    ++count;
    depths += episode.depth;
    times += seconds;
    longest = std::max(longest, seconds);
  }
  const auto figure = [&](double value) {
    return count == 0 ? Figure::none(Undefined::no_drawdown) : Figure::of(value);
  };
  sheet.add("Max. Drawdown [%]", "%", Figure::of(-100 * deepest(episodes)));
  sheet.add("Avg. Drawdown [%]", "%", figure(-100 * depths / count));
  sheet.add("Max. Drawdown Duration", "s", figure(rounded_up(longest, run.interval)));
  sheet.add("Avg. Drawdown Duration", "s", figure(rounded_up(times / count, run.interval)));
}

std::vector<double> closed_returns(const RunResult& result) {
  std::vector<double> returns;
  for (const TradeRecord& trade : result.trades)
    if (trade.exit_bar) returns.push_back(trade_return(trade));
  return returns;
}

void add_trades(Sheet& sheet) {
  const std::vector<double> returns = closed_returns(sheet.run().result);
  const Interval interval = sheet.run().interval;
  const bool any = !returns.empty();
  const auto rounded = [&](Metric key) {
    Figure figure = sheet.own(key);
    if (figure.defined()) figure.value = rounded_up(figure.value, interval);
    return figure;
  };
  const Sides sides = sides_of(returns, 0);
  sheet.add("# Trades", "", Figure::of(static_cast<double>(returns.size())));
  sheet.add("Win Rate [%]", "%", sheet.own(Metric::win_rate));
  sheet.add("Best Trade [%]", "%", sheet.own(Metric::best_trade_pct));
  sheet.add("Worst Trade [%]", "%", sheet.own(Metric::worst_trade_pct));
  sheet.add("Avg. Trade [%]", "%",
            any ? Figure::of(100 * geometric_mean(returns)) : Figure::none(Undefined::no_trades));
  sheet.add("Max. Trade Duration", "s", rounded(Metric::max_trade_duration));
  sheet.add("Avg. Trade Duration", "s", rounded(Metric::avg_trade_duration));
  sheet.add("Profit Factor", "",
            !any               ? Figure::none(Undefined::no_trades)
            : sides.below == 0 ? Figure::none(Undefined::no_losses)
                               : Figure::of(sides.above / sides.below));
  sheet.add("Expectancy [%]", "%", sheet.own(Metric::expectancy_pct));
  sheet.add("SQN", "", sheet.own(Metric::sqn));
  sheet.add("Kelly Criterion", "", sheet.own(Metric::kelly_criterion));
}

// Bars from a closed trade's entry through its exit, the exit bar included.
Figure exposure_time(const FinishedRun& run) {
  if (run.bars_run() == 0) return Figure::none(Undefined::too_short);
  std::vector<bool> in_market(run.bars_run());
  for (const TradeRecord& trade : run.result.trades) {
    if (!trade.exit_bar) continue;
    for (std::size_t bar = trade.entry_bar; bar <= *trade.exit_bar; ++bar) in_market[bar] = true;
  }
  return Figure::of(100 * static_cast<double>(std::ranges::count(in_market, true)) /
                    static_cast<double>(in_market.size()));
}

void add_window(Sheet& sheet) {
  const FinishedRun& run = sheet.run();
  const std::span<const TimeNs> label = run.bars.label.first(run.bars_run());
  const auto time = [&](bool first) {
    if (label.empty()) return Figure::none(Undefined::too_short);
    return Figure::of(static_cast<double>(first ? label.front() : label.back()) /
                      static_cast<double>(kSecondNs));
  };
  sheet.add("Start", "time", time(true));
  sheet.add("End", "time", time(false));
  sheet.add("Duration", "s",
            label.empty()
                ? Figure::none(Undefined::too_short)
                : Figure::of(static_cast<double>(elapsed_ns(label.front(), label.back())) /
                             static_cast<double>(kSecondNs)));
}

}  // namespace

void add_backtesting_py(Sheet& sheet) {
  const FinishedRun& run = sheet.run();
  const std::span<const double> equity = run.result.equity;
  const bool starts_positive = !equity.empty() && equity.front() > 0;
  const Undefined why = equity.empty() ? Undefined::too_short : Undefined::equity_not_positive;
  const std::vector<Episode> episodes =
      starts_positive ? episodes_of(equity) : std::vector<Episode>{};
  add_window(sheet);
  sheet.add("Exposure Time [%]", "%", exposure_time(run));
  sheet.add("Equity Final [$]", "$", sheet.own(Metric::equity_final));
  sheet.add("Equity Peak [$]", "$",
            equity.empty() ? Figure::none(why) : Figure::of(std::ranges::max(equity)));
  sheet.add("Commissions [$]", "$", sheet.own(Metric::commissions));
  sheet.add("Return [%]", "%",
            starts_positive ? Figure::of(percent_growth(equity)) : Figure::none(why));
  sheet.add("Buy & Hold Return [%]", "%", sheet.own(Metric::buy_hold_return_pct));
  add_yearly(sheet, episodes);
  add_line(sheet);
  add_drawdowns(sheet, episodes);
  add_trades(sheet);
}

}  // namespace runledger
