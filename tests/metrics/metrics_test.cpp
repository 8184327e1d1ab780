#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <runledger/base/time.hpp>
#include <runledger/metrics/metrics.hpp>

namespace runledger {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr Interval kDaily{1, IntervalUnit::day};

// A finished run with its bars, built by hand.
struct HandRun {
  RunResult result;
  Interval interval = kDaily;
  AccountKind account = AccountKind::standard;
  std::vector<TimeNs> label, close_time;
  std::vector<double> close;

  HandRun(double start, std::vector<double> equity, TimeNs step = kDayNs) {
    result.start_cash = start;
    result.equity = std::move(equity);
    for (std::size_t i = 0; i < result.equity.size(); ++i) {
      label.push_back(static_cast<TimeNs>(i) * step);
      close_time.push_back(label.back() + step);
      close.push_back(10 + static_cast<double>(i));
    }
  }
  HandRun& trade(std::uint64_t entry, std::optional<std::uint64_t> exit, double pnl) {
    result.trades.push_back({.entry_bar = entry,
                             .entry_price = 1,
                             .size = 1,
                             .exit_bar = exit,
                             .exit_price = 1,
                             .pnl = exit ? pnl : kNaN,
                             .commission = 0});
    return *this;
  }
  [[nodiscard]] MetricFigure figure(Metric key) const {
    const BarColumns bars{.label = label,
                          .close_time = close_time,
                          .open = close,
                          .high = close,
                          .low = close,
                          .close = close,
                          .volume = close};
    const auto all = compute_metrics(result, bars, interval, account);
    return *std::ranges::find(all, key, &MetricFigure::key);
  }
  [[nodiscard]] double operator[](Metric key) const {
    const MetricFigure found = figure(key);
    EXPECT_EQ(found.undefined, Undefined::defined);
    return found.value;
  }
};

void expect_undefined(const HandRun& run, Metric key, Undefined why) {
  const MetricFigure found = run.figure(key);
  EXPECT_TRUE(std::isnan(found.value));
  EXPECT_EQ(found.undefined, why);
}

// Bacon's 24 months: the series on which published conventions are compared.
HandRun bacon() {
  constexpr std::array kMonths{.3,  2.6,  1.1,  -1.0, 1.5,  2.5,  1.6, 6.7, -1.4, 4.0, -.5, 8.1,
                               4.0, -3.7, -6.1, 1.7,  -4.9, -2.2, 7.0, 5.8, -6.5, 2.4, -.5, -.9};
  std::vector<double> equity;
  double value = 1;
  for (const double percent : kMonths) equity.push_back(value *= 1 + percent / 100);
  // Months of one twelfth of 365.25 days, so that 24 of them are two years exactly.
  HandRun run(1, equity, static_cast<TimeNs>(30.4375 * static_cast<double>(kDayNs)));
  run.interval = {1, IntervalUnit::month};
  return run;
}

TEST(Metrics, BaconsSeriesGivesThePublishedFigures) {
  const HandRun run = bacon();
  EXPECT_EQ(run[Metric::periods_per_year], 12);
  EXPECT_NEAR(run[Metric::return_pct], 21.8105767221, 1e-9);
  EXPECT_NEAR(run[Metric::sharpe_ratio], .788320254814, 1e-11);
  EXPECT_NEAR(run[Metric::cagr_pct], 10.367828973, 1e-8);
  EXPECT_NEAR(run[Metric::volatility_ann_pct], 13.700015868, 1e-8);
  EXPECT_NEAR(run[Metric::max_drawdown], 14.4672955739, 1e-9);
}

// Two times may lie further apart than one signed 64-bit number of nanoseconds reaches.
TEST(Metrics, OfFiveCenturiesCountTheirWholeLength) {
  HandRun run(100, {100, 90, 200});
  const auto place = [&run](std::size_t bar, TimeNs label) {
    run.label[bar] = label;
    run.close_time[bar] = label + kDayNs;
  };
  constexpr TimeNs kCenturies = 91'310 * kDayNs;  // two and a half
  place(0, -kCenturies);
  place(1, 0);
  place(2, kCenturies);
  run.trade(0, 2, 100);
  const double days = 2 * 91'310;
  EXPECT_NEAR(run[Metric::cagr_pct], (std::pow(2, 365.25 / (days + 1)) - 1) * 100, 1e-12);
  EXPECT_EQ(run[Metric::avg_trade_duration], days * 86'400);
  run.result.equity[2] = 95;
  EXPECT_EQ(run[Metric::max_drawdown_duration], days * 86'400);
}

TEST(Metrics, TheTableNamesEachFigureInItsOrder) {
  const HandRun run = bacon();
  const BarColumns bars{.label = run.label,
                        .close_time = run.close_time,
                        .open = run.close,
                        .high = run.close,
                        .low = run.close,
                        .close = run.close,
                        .volume = run.close};
  const auto figures = compute_metrics(run.result, bars, run.interval, run.account);
  ASSERT_EQ(figures.size(), metric_table().size());
  for (std::size_t i = 0; i < figures.size(); ++i) {
    EXPECT_EQ(figures[i].key, metric_table()[i].key);
  }
}

TEST(Metrics, EndsOfTheCurveAreMeasuredFromTheStartCash) {
  const HandRun run(100, {100, 130, 120});
  EXPECT_EQ(run[Metric::pnl], 20);
  EXPECT_EQ(run[Metric::return_pct], (120.0 / 100 - 1) * 100);
  EXPECT_EQ(run[Metric::equity_final], 120);
  EXPECT_EQ(run[Metric::equity_peak], 130);
  EXPECT_EQ(run[Metric::buy_hold_return_pct], (12.0 / 10 - 1) * 100);
}

TEST(Metrics, TheStartCashIsAPeakToo) {
  const HandRun run(100, {90, 95});
  EXPECT_EQ(run[Metric::max_drawdown], 10);
  EXPECT_EQ(run[Metric::max_drawdown_money], 10);
  EXPECT_EQ(run[Metric::equity_peak], 100);
}

TEST(Metrics, DrawdownOfADebtIsMoreThanAllOfIt) {
  const HandRun run(100, {100, -50});
  EXPECT_EQ(run[Metric::max_drawdown], 150);
}

TEST(Metrics, DrawdownLastsFromThePeaksLastCloseToItsRecovery) {
  // The peak of 110 stands at the closes of bars 1 and 2; bar 5 reaches it again.
  const HandRun run(100, {100, 110, 110, 105, 90, 110, 108});
  EXPECT_EQ(run[Metric::max_drawdown_duration], 3 * 86'400.0);
}

TEST(Metrics, ADrawdownThatNeverRecoversLastsToTheEnd) {
  const HandRun run(100, {110, 100, 100, 100});
  EXPECT_EQ(run[Metric::max_drawdown_duration], 3 * 86'400.0);
}

TEST(Metrics, EquityThatNeverFallsHasNoDrawdown) {
  const HandRun run(100, {100, 110, 120});
  EXPECT_EQ(run[Metric::max_drawdown], 0);
  EXPECT_EQ(run[Metric::max_drawdown_duration], 0);
}

TEST(Metrics, BarsWithinADayAreCompoundedIntoDays) {
  // Three days of two bars; by days the returns are 10 %, -10 %, 10 %.
  HandRun run(100, {50, 110, 200, 99, 1, 108.9}, kDayNs / 2);
  run.interval = {12, IntervalUnit::hour};
  EXPECT_EQ(run[Metric::periods_per_year], 365);
  const double mean = .1 / 3;
  const double deviation =
      std::sqrt((2 * (.1 - mean) * (.1 - mean) + (.1 + mean) * (.1 + mean)) / 2);
  EXPECT_NEAR(run[Metric::sharpe_ratio], std::sqrt(365) * mean / deviation, 1e-9);
}

TEST(Metrics, PeriodsOfAYearAreTheUsualNumberOrTheRawOne) {
  HandRun weekly(100, std::vector<double>(104, 100), 7 * kDayNs);
  EXPECT_EQ(weekly[Metric::periods_per_year], 52);
  HandRun odd(100, std::vector<double>(100, 100), 2 * kDayNs);
  EXPECT_NEAR(odd[Metric::periods_per_year], 365.25 / 2, 1e-9);
}

TEST(Metrics, TradesAreCountedByTheirPnl) {
  HandRun run(100, {100, 100, 100, 100, 100, 100, 100, 100, 100, 100});
  run.trade(1, 3, 30).trade(3, 4, -10).trade(4, 6, 0).trade(8, std::nullopt, kNaN);
  EXPECT_EQ(run[Metric::total_trades], 4);
  EXPECT_EQ(run[Metric::open_trades], 1);
  EXPECT_EQ(run[Metric::winning_trades], 1);
  EXPECT_EQ(run[Metric::losing_trades], 1);
  EXPECT_EQ(run[Metric::win_rate], 100.0 / 3);
  EXPECT_EQ(run[Metric::profit_factor], 3);
  EXPECT_EQ(run[Metric::avg_trade_duration], 86'400.0 * 5 / 3);
  EXPECT_EQ(run[Metric::exposure_time_pct], 70);
}

TEST(Metrics, ATradeOfZeroPnlIsAWinUnderTheReferenceAccountOnly) {
  HandRun run(100, {100, 100, 100, 100, 100});
  run.trade(0, 1, 30).trade(1, 2, 0).trade(2, 3, -10);
  EXPECT_EQ(run[Metric::winning_trades], 1);
  run.account = AccountKind::reference;
  EXPECT_EQ(run[Metric::winning_trades], 2);
  EXPECT_EQ(run[Metric::losing_trades], 1);
  EXPECT_EQ(run[Metric::win_rate], 200.0 / 3);
  EXPECT_EQ(run[Metric::profit_factor], 3);
}

TEST(Metrics, OverlappingTradesExposeEachBarOnce) {
  HandRun run(100, {100, 100, 100, 100});
  run.trade(0, 2, 1).trade(1, 3, 1);
  EXPECT_EQ(run[Metric::exposure_time_pct], 75);
}

TEST(Metrics, CommissionsAreThoseOfAllFills) {
  HandRun run(100, {100});
  run.result.fills = {{1, 0, 1, 1, 2.5}, {2, 0, -1, 1, 1.5}};
  EXPECT_EQ(run[Metric::commissions], 4);
}

TEST(Metrics, WithoutTradesTheirRatiosAreUndefined) {
  const HandRun run(100, {100, 101});
  expect_undefined(run, Metric::win_rate, Undefined::no_trades);
  expect_undefined(run, Metric::profit_factor, Undefined::no_trades);
  expect_undefined(run, Metric::avg_trade_duration, Undefined::no_trades);
}

TEST(Metrics, WithoutLossesTheProfitFactorIsUndefined) {
  HandRun run(100, {100, 101});
  run.trade(0, 1, 1);
  expect_undefined(run, Metric::profit_factor, Undefined::no_losses);
}

TEST(Metrics, AFlatCurveHasNoSharpeRatio) {
  const HandRun run(100, {100, 100, 100});
  expect_undefined(run, Metric::sharpe_ratio, Undefined::zero_variance);
  EXPECT_EQ(run[Metric::volatility_ann_pct], 0);
}

TEST(Metrics, OneBarIsTooFewForReturns) {
  const HandRun run(100, {100});
  expect_undefined(run, Metric::sharpe_ratio, Undefined::too_few_returns);
  expect_undefined(run, Metric::periods_per_year, Undefined::too_short);
}

TEST(Metrics, NoBarsAtAllAreUndefinedOrTheStart) {
  const HandRun run(100, {});
  EXPECT_EQ(run[Metric::pnl], 0);
  EXPECT_EQ(run[Metric::equity_final], 100);
  expect_undefined(run, Metric::cagr_pct, Undefined::too_short);
  expect_undefined(run, Metric::buy_hold_return_pct, Undefined::too_short);
  expect_undefined(run, Metric::exposure_time_pct, Undefined::too_short);
}

TEST(Metrics, ABankruptCurveHasNoSharpeRatioAndNoCagr) {
  const HandRun run(100, {100, 50, -10});
  expect_undefined(run, Metric::sharpe_ratio, Undefined::equity_not_positive);
  expect_undefined(run, Metric::volatility_ann_pct, Undefined::equity_not_positive);
  expect_undefined(run, Metric::cagr_pct, Undefined::equity_not_positive);
  EXPECT_NEAR(run[Metric::return_pct], -110, 1e-12);
}

}  // namespace
}  // namespace runledger
