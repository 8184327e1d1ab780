#include "naive.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>
#include <set>

namespace runledger::metrics_test {
namespace {

using Values = std::vector<double>;
using Figures = std::map<Metric, double>;

constexpr double kYearSeconds = 365.25 * 86'400;

double sum(const Values& values) { return std::accumulate(values.begin(), values.end(), 0.0); }
double mean(const Values& values) { return sum(values) / static_cast<double>(values.size()); }
template <class F>
Values mapped(const Values& values, F&& f) {
  Values out;
  for (const double value : values) out.push_back(f(value));
  return out;
}
double central(const Values& values, int power) {
  const double centre = mean(values);
  return sum(mapped(values, [&](double v) { return std::pow(v - centre, power); }));
}
double deviation(const Values& values) {
  return std::sqrt(central(values, 2) / (static_cast<double>(values.size()) - 1));
}
double greatest(const Values& values) {
  return std::ranges::max(mapped(values, [](double v) { return std::abs(v); }));
}
bool is_flat(const Values& values) { return deviation(values) <= 1e-12 * greatest(values); }
double or_nan(bool defined, double value) { return defined ? value : kNaN; }
double finite(double value) { return std::isfinite(value) ? value : kNaN; }

double type7(Values values, double probability) {
  std::ranges::sort(values);
  const double place = static_cast<double>(values.size() - 1) * probability;
  const auto low = static_cast<std::size_t>(std::floor(place));
  if (low + 1 == values.size()) return values[low];
  return values[low] + (place - std::floor(place)) * (values[low + 1] - values[low]);
}

double seconds(TimeNs from, TimeNs to) { return static_cast<double>(to - from) / 1e9; }

// Equity, close and label of each period.
struct Series {
  Values equity, close;
  std::vector<TimeNs> label;
};

Series series_of(const HandRun& run) {
  std::map<TimeNs, std::pair<double, double>> last;
  for (std::size_t i = 0; i < run.label.size(); ++i) {
    TimeNs label = run.label[i];
    if (run.interval.intraday())
      label = static_cast<TimeNs>(std::floor(static_cast<double>(label) / kDayNs)) * kDayNs;
    last[label] = {run.result.equity[i], run.close[i]};
  }
  Series series;
  for (const auto& [label, values] : last) {
    series.label.push_back(label);
    series.equity.push_back(values.first);
    series.close.push_back(values.second);
  }
  return series;
}

double periods_per_year(const HandRun& run, const Series& series) {
  if (run.options.periods_per_year) return *run.options.periods_per_year;
  const auto count = static_cast<double>(series.label.size());
  if (count < 2) return kNaN;
  const double observed =
      (count - 1) * kYearSeconds / seconds(series.label.front(), series.label.back());
  double found = observed;
  double off = 0.05;
  for (const double usual : {365., 252., 52., 12., 4., 1.}) {
    if (std::abs(observed / usual - 1) > off) continue;
    off = std::abs(observed / usual - 1);
    found = usual;
  }
  return found;
}

Values returns_of(const Values& values) {
  Values returns;
  for (std::size_t i = 1; i < values.size(); ++i) returns.push_back(values[i] / values[i - 1] - 1);
  return returns;
}

void add_result(const HandRun& run, const Series& series, double year, Figures& out) {
  const double start = run.result.start_cash;
  const Values& equity = run.result.equity;
  const double last = equity.empty() ? start : equity.back();
  const double life = equity.empty() ? kNaN : seconds(run.label.front(), run.close_time.back());
  const auto growth = [&](double exponent) {
    return last > 0 ? finite((std::pow(last / start, exponent) - 1) * 100) : kNaN;
  };
  out[Metric::pnl] = last - start;
  out[Metric::return_pct] = (last / start - 1) * 100;
  out[Metric::buy_hold_return_pct] =
      equity.empty() ? kNaN : (run.close.back() / run.close.front() - 1) * 100;
  out[Metric::return_ann_pct] =
      or_nan(series.equity.size() >= 2, growth(year / static_cast<double>(series.equity.size())));
  out[Metric::cagr_pct] = or_nan(!equity.empty(), growth(kYearSeconds / life));
  out[Metric::equity_final] = last;
  Values all = equity;
  all.push_back(start);
  out[Metric::equity_peak] = std::ranges::max(all);
  out[Metric::duration] = life;
  double fees = 0;
  double traded = 0;
  for (const FillRecord& fill : run.result.fills) {
    fees += fill.fee;
    traded += std::abs(fill.quantity * fill.price);
  }
  out[Metric::commissions] = fees;
  out[Metric::turnover_ann] =
      or_nan(!equity.empty() && mean(equity) > 0, traded / mean(equity) / (life / kYearSeconds));
}

void add_risk(const HandRun& run, const Values& r, double year, Figures& out) {
  const auto per_period = [&](double rate) { return std::pow(1 + rate, 1 / year) - 1; };
  const double free = per_period(run.options.risk_free_rate);
  const double least = per_period(run.options.minimum_return.value_or(run.options.risk_free_rate));
  const double sd = deviation(r);
  const Values below = mapped(r, [&](double v) { return std::min(v - least, 0.0); });
  const Values above = mapped(r, [&](double v) { return std::max(v - least, 0.0); });
  const double down = std::sqrt(mean(mapped(below, [](double v) { return v * v; })));
  const bool falls = down > 1e-12 * greatest(r);
  const bool varies = !is_flat(r);
  const double variance = central(r, 2) / static_cast<double>(r.size());
  out[Metric::volatility_ann_pct] = 100 * sd * std::sqrt(year);
  out[Metric::sharpe_ratio] = or_nan(varies, (mean(r) - free) / sd * std::sqrt(year));
  out[Metric::sortino_ratio] = or_nan(falls, (mean(r) - least) / down * std::sqrt(year));
  out[Metric::omega_ratio] = or_nan(falls, sum(above) / -sum(below));
  const double low = type7(r, .05);
  out[Metric::tail_ratio] = or_nan(low != 0, std::abs(type7(r, .95) / low));
  Values beyond;
  for (const double v : r)
    if (v <= low) beyond.push_back(v);
  out[Metric::var_95] = low;
  out[Metric::cvar_95] = mean(beyond);
  const double z = 1.6448536269514722;
  out[Metric::var_95_gaussian] = mean(r) - z * sd;
  out[Metric::cvar_95_gaussian] =
      mean(r) - sd * std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi) / .05;
  const auto n = static_cast<double>(r.size());
  out[Metric::skewness] = or_nan(varies, central(r, 3) / n / std::pow(variance, 1.5));
  out[Metric::raw_kurtosis] = or_nan(varies, central(r, 4) / n / (variance * variance));
  out[Metric::kelly_continuous] = or_nan(varies, mean(r) / (sd * sd));
}

void add_benchmark(const HandRun& run, const Values& r, const Values& b, double year,
                   Figures& out) {
  const double free = std::pow(1 + run.options.risk_free_rate, 1 / year) - 1;
  double covariance = 0;
  Values gap;
  for (std::size_t i = 0; i < r.size(); ++i) {
    covariance += (r[i] - mean(r)) * (b[i] - mean(b));
    gap.push_back(r[i] - b[i]);
  }
  const double beta = covariance / central(b, 2);
  const bool moves = !is_flat(b);
  out[Metric::beta] = or_nan(moves, beta);
  out[Metric::alpha_pct] = or_nan(moves, 100 * year * (mean(r) - free - beta * (mean(b) - free)));
  const double error = deviation(gap);
  out[Metric::tracking_error_pct] = 100 * error * std::sqrt(year);
  out[Metric::information_ratio] = or_nan(error > 1e-12 * std::max(greatest(r), greatest(b)),
                                          (mean(r) - mean(b)) / error * std::sqrt(year));
}

struct Fall {
  double depth, money, seconds, bars;
  bool recovered;
};

std::vector<Fall> falls_of(const HandRun& run) {
  const Values& equity = run.result.equity;
  const auto peak_at = [&](std::size_t bar) {
    return std::max(
        run.result.start_cash,
        *std::max_element(equity.begin(), equity.begin() + static_cast<std::ptrdiff_t>(bar) + 1));
  };
  std::vector<Fall> falls;
  for (std::size_t first = 0; first < equity.size(); ++first) {
    const double peak = peak_at(first);
    if (equity[first] >= peak) continue;
    std::size_t end = first;  // the bar that recovers, or the one behind the last
    while (end < equity.size() && equity[end] < peak) ++end;
    const double lowest = *std::min_element(equity.begin() + static_cast<std::ptrdiff_t>(first),
                                            equity.begin() + static_cast<std::ptrdiff_t>(end));
    const bool recovered = end < equity.size();
    const std::size_t last = recovered ? end : equity.size() - 1;
    const TimeNs from = first == 0 ? run.label[0] : run.close_time[first - 1];
    falls.push_back({100 * (peak - lowest) / peak, peak - lowest,
                     seconds(from, run.close_time[last]), static_cast<double>(last + 1 - first),
                     recovered});
    first = end;
  }
  return falls;
}

void add_drawdown(const HandRun& run, Figures& out) {
  const std::vector<Fall> falls = falls_of(run);
  const auto all = [&](auto member) {
    Values values;
    for (const Fall& fall : falls) values.push_back(fall.*member);
    return values;
  };
  const auto most = [&](auto member) { return falls.empty() ? 0 : std::ranges::max(all(member)); };
  const auto average = [&](auto member) { return falls.empty() ? kNaN : mean(all(member)); };
  out[Metric::max_drawdown] = most(&Fall::depth);
  out[Metric::max_drawdown_money] = most(&Fall::money);
  out[Metric::max_drawdown_duration] = most(&Fall::seconds);
  out[Metric::max_drawdown_bars] = most(&Fall::bars);
  out[Metric::avg_drawdown] = average(&Fall::depth);
  out[Metric::avg_drawdown_duration] = average(&Fall::seconds);
  out[Metric::avg_drawdown_bars] = average(&Fall::bars);
  const auto longest = std::ranges::max_element(falls, {}, &Fall::seconds);
  out[Metric::unrecovered] = longest != falls.end() && !longest->recovered ? 1 : 0;
  Values depths;
  double peak = run.result.start_cash;
  for (const double value : run.result.equity) {
    peak = std::max(peak, value);
    depths.push_back(100 * (peak - value) / peak);
  }
  out[Metric::ulcer_index] = std::sqrt(mean(mapped(depths, [](double d) { return d * d; })));
  out[Metric::calmar_ratio] = falls.empty() ? kNaN : out[Metric::cagr_pct] / most(&Fall::depth);
}

double longest_row(const std::vector<int>& outcomes, int wanted) {
  int longest = 0;
  int row = 0;
  for (const int outcome : outcomes) {
    row = outcome == wanted ? row + 1 : 0;
    longest = std::max(longest, row);
  }
  return longest;
}

struct ClosedTrades {
  Values pnl, shares, held, wins, losses;
  std::vector<int> outcomes;  // 1, 0, -1
};

ClosedTrades closed_trades(const HandRun& run) {
  ClosedTrades closed;
  for (const TradeRecord& trade : run.result.trades) {
    if (!trade.exit_bar) continue;
    closed.pnl.push_back(trade.pnl);
    closed.shares.push_back(trade.pnl / std::abs(trade.size * trade.entry_price));
    closed.held.push_back(seconds(run.label[trade.entry_bar], run.label[*trade.exit_bar]));
    const bool won = run.account == AccountKind::reference ? trade.pnl >= 0 : trade.pnl > 0;
    if (won) closed.wins.push_back(trade.pnl);
    if (trade.pnl < 0) closed.losses.push_back(trade.pnl);
    closed.outcomes.push_back(won ? 1 : trade.pnl < 0 ? -1 : 0);
  }
  return closed;
}

void add_averages(const ClosedTrades& closed, Figures& out) {
  const auto n = static_cast<double>(closed.pnl.size());
  const bool any = n > 0;
  out[Metric::win_rate] = 100 * static_cast<double>(closed.wins.size()) / n;
  out[Metric::best_trade_pct] = any ? 100 * std::ranges::max(closed.shares) : kNaN;
  out[Metric::worst_trade_pct] = any ? 100 * std::ranges::min(closed.shares) : kNaN;
  const Values logs = mapped(closed.shares, [](double share) { return std::log1p(share); });
  out[Metric::avg_trade_pct] = 100 * std::expm1(finite(mean(logs)));
  out[Metric::max_trade_duration] = any ? std::ranges::max(closed.held) : kNaN;
  out[Metric::avg_trade_duration] = mean(closed.held);
  out[Metric::expectancy] = mean(closed.pnl);
  out[Metric::expectancy_pct] = 100 * mean(closed.shares);
  const double quality =
      n >= 2 && !is_flat(closed.pnl) ? mean(closed.pnl) / deviation(closed.pnl) : kNaN;
  out[Metric::sqn] = std::sqrt(n) * quality;
  out[Metric::sqn_100] = std::sqrt(std::min(n, 100.0)) * quality;
}

void add_trades(const HandRun& run, Figures& out) {
  const ClosedTrades closed = closed_trades(run);
  const Values& wins = closed.wins;
  const Values& losses = closed.losses;
  out[Metric::total_trades] = static_cast<double>(run.result.trades.size());
  out[Metric::open_trades] = static_cast<double>(run.result.trades.size() - closed.pnl.size());
  out[Metric::winning_trades] = static_cast<double>(wins.size());
  out[Metric::losing_trades] = static_cast<double>(losses.size());
  out[Metric::max_consecutive_wins] = longest_row(closed.outcomes, 1);
  out[Metric::max_consecutive_losses] = longest_row(closed.outcomes, -1);
  add_averages(closed, out);
  out[Metric::avg_win] = mean(wins);
  out[Metric::avg_loss] = mean(losses);
  out[Metric::largest_win] = wins.empty() ? kNaN : std::ranges::max(wins);
  out[Metric::largest_loss] = losses.empty() ? kNaN : std::ranges::min(losses);
  out[Metric::profit_factor] = or_nan(!losses.empty(), sum(wins) / -sum(losses));
  const double payoff = mean(wins) / -mean(losses);
  out[Metric::payoff_ratio] = payoff;
  const double won = static_cast<double>(wins.size()) / static_cast<double>(closed.pnl.size());
  out[Metric::kelly_criterion] = finite(won - (1 - won) / payoff);
}

void add_exposure(const HandRun& run, Figures& out) {
  const Values& equity = run.result.equity;
  Values in_market, gross, net;
  for (std::size_t bar = 0; bar < equity.size(); ++bar) {
    bool held = false;
    for (const TradeRecord& trade : run.result.trades)
      held = held || (trade.entry_bar <= bar && bar < trade.exit_bar.value_or(equity.size()));
    in_market.push_back(held ? 100 : 0);
    double units = 0;
    for (const FillRecord& fill : run.result.fills) units += fill.bar <= bar ? fill.quantity : 0;
    net.push_back(100 * units * run.close[bar] / equity[bar]);
    gross.push_back(std::abs(net.back()));
  }
  const bool positive = std::ranges::all_of(equity, [](double value) { return value > 0; });
  out[Metric::exposure_time_pct] = mean(in_market);
  out[Metric::exposure_gross_pct] = or_nan(positive, mean(gross));
  out[Metric::exposure_net_pct] = or_nan(positive, mean(net));
}

}  // namespace

std::map<Metric, double> naive_metrics(const HandRun& run) {
  Figures out;
  for (const MetricInfo& info : metric_table()) out[info.key] = kNaN;
  const Series series = series_of(run);
  const double year = periods_per_year(run, series);
  out[Metric::periods_per_year] = year;
  add_result(run, series, year, out);
  add_drawdown(run, out);
  add_trades(run, out);
  add_exposure(run, out);
  const bool positive = std::ranges::all_of(series.equity, [](double value) { return value > 0; });
  if (series.equity.size() < 2 || !positive) return out;
  Values curve{run.result.start_cash};
  curve.insert(curve.end(), series.equity.begin(), series.equity.end());
  add_risk(run, returns_of(curve), year, out);
  const Values price = returns_of(series.close);
  if (price.size() >= 2) add_benchmark(run, returns_of(series.equity), price, year, out);
  return out;
}

}  // namespace runledger::metrics_test
