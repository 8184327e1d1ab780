#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "hand_run.hpp"

namespace runledger::metrics_test {
namespace {

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
  const HandRun run(100, {100, 101});
  const auto figures = run.with_run(compute_metrics);
  ASSERT_EQ(figures.size(), metric_table().size());
  for (std::size_t i = 0; i < figures.size(); ++i) {
    EXPECT_EQ(figures[i].key, metric_table()[i].key);
  }
}

TEST(Metrics, TheTableIsInOrderOfItsGroups) {
  EXPECT_TRUE(std::ranges::is_sorted(metric_table(), {}, &MetricInfo::group));
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
  run.result.fills = {{.order_id = 1, .bar = 0, .quantity = 1, .price = 1, .fee = 2.5},
                      {.order_id = 2, .bar = 0, .quantity = -1, .price = 1, .fee = 1.5}};
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
  expect_undefined(run, Metric::exposure_net_pct, Undefined::too_short);
  expect_undefined(run, Metric::turnover_ann, Undefined::too_short);
  expect_undefined(run, Metric::ulcer_index, Undefined::too_short);
  expect_undefined(run, Metric::duration, Undefined::too_short);
}

TEST(Metrics, ABankruptCurveHasNoSharpeRatioAndNoCagr) {
  const HandRun run(100, {100, 50, -10});
  expect_undefined(run, Metric::sharpe_ratio, Undefined::equity_not_positive);
  expect_undefined(run, Metric::volatility_ann_pct, Undefined::equity_not_positive);
  expect_undefined(run, Metric::cagr_pct, Undefined::equity_not_positive);
  expect_undefined(run, Metric::return_ann_pct, Undefined::equity_not_positive);
  expect_undefined(run, Metric::var_95, Undefined::equity_not_positive);
  expect_undefined(run, Metric::beta, Undefined::equity_not_positive);
  expect_undefined(run, Metric::exposure_gross_pct, Undefined::equity_not_positive);
  EXPECT_NEAR(run[Metric::return_pct], -110, 1e-12);
}

TEST(Metrics, RatesOfAYearAreTakenOffByPeriod) {
  HandRun run(100, {110, 99, 108.9}, static_cast<TimeNs>(365.25 * static_cast<double>(kDayNs)));
  const double mean = .1 / 3;
  const double deviation = run[Metric::volatility_ann_pct] / 100;
  run.options.risk_free_rate = .02;
  EXPECT_NEAR(run[Metric::sharpe_ratio], (mean - .02) / deviation, 1e-12);
  EXPECT_NEAR(run[Metric::sortino_ratio], (mean - .02) / (.12 / std::sqrt(3)), 1e-12);
  run.options.minimum_return = .05;
  EXPECT_NEAR(run[Metric::sharpe_ratio], (mean - .02) / deviation, 1e-12);
  EXPECT_NEAR(run[Metric::sortino_ratio], (mean - .05) / (.15 / std::sqrt(3)), 1e-12);
  EXPECT_NEAR(run[Metric::omega_ratio], .1 / .15, 1e-12);
}

TEST(Metrics, PeriodsOfAYearCanBeGiven) {
  HandRun run(100, {100, 110, 99});
  run.options.periods_per_year = 100;
  EXPECT_EQ(run[Metric::periods_per_year], 100);
  const double given = run[Metric::sharpe_ratio];
  run.options.periods_per_year.reset();
  EXPECT_NEAR(run[Metric::sharpe_ratio], given * std::sqrt(3.65), 1e-12);
}

TEST(Metrics, WithoutAReturnBelowTheMinimumSortinoAndOmegaAreUndefined) {
  const HandRun run(100, {101, 103, 104});
  expect_undefined(run, Metric::sortino_ratio, Undefined::no_return_below);
  expect_undefined(run, Metric::omega_ratio, Undefined::no_return_below);
  expect_undefined(run, Metric::calmar_ratio, Undefined::no_drawdown);
  expect_undefined(run, Metric::avg_drawdown, Undefined::no_drawdown);
  expect_undefined(run, Metric::avg_drawdown_duration, Undefined::no_drawdown);
  EXPECT_EQ(run[Metric::unrecovered], 0);
  EXPECT_EQ(run[Metric::ulcer_index], 0);
}

TEST(Metrics, ACurveThatHardlyMovesHasNoTailRatio) {
  std::vector<double> equity(100, 100);
  equity[50] = 101;
  for (std::size_t bar = 51; bar < equity.size(); ++bar) equity[bar] = 101;
  expect_undefined(HandRun(100, equity), Metric::tail_ratio, Undefined::zero_quantile);
}

TEST(Metrics, PricesThatDoNotVaryExplainNothing) {
  HandRun run(100, {100, 110, 105, 120});
  run.close = {7, 7, 7, 7};
  expect_undefined(run, Metric::beta, Undefined::prices_do_not_vary);
  expect_undefined(run, Metric::alpha_pct, Undefined::prices_do_not_vary);
}

TEST(Metrics, AGrowthWithinMinutesIsNoneOfAYear) {
  HandRun run(100, {100, 200}, kMinuteNs);
  run.interval = {1, IntervalUnit::minute};
  expect_undefined(run, Metric::cagr_pct, Undefined::too_short);
}

TEST(Metrics, DrawdownsAreAveragedOverEachOfThem) {
  // From 100 to 90 and back in two bars; from 110 to 99 and not back in three.
  const HandRun run(100, {100, 90, 110, 99, 104.5, 104.5});
  EXPECT_EQ(run[Metric::avg_drawdown], 10);
  EXPECT_EQ(run[Metric::max_drawdown_bars], 3);
  EXPECT_EQ(run[Metric::avg_drawdown_bars], 2.5);
  EXPECT_EQ(run[Metric::avg_drawdown_duration], 2.5 * 86'400);
  EXPECT_EQ(run[Metric::unrecovered], 1);
  EXPECT_NEAR(run[Metric::ulcer_index], std::sqrt((100 + 100 + 25 + 25) / 6.), 1e-12);
}

TEST(Metrics, TheLongestDrawdownMayHaveRecoveredThoughTheLastHasNot) {
  const HandRun run(100, {100, 90, 90, 90, 110, 109});
  EXPECT_EQ(run[Metric::max_drawdown_duration], 4 * 86'400);
  EXPECT_EQ(run[Metric::unrecovered], 0);
}

// Ten bars at 100 with closed trades of one unit from 1 to 1, so that pnl is the trade's return.
HandRun run_of_trades(const std::vector<double>& pnl) {
  HandRun run(100, std::vector<double>(10, 100));
  for (std::size_t i = 0; i < pnl.size(); ++i) run.trade(i, i + 1, pnl[i]);
  return run;
}

TEST(Metrics, TradesAreMeasuredByPnlAndByReturn) {
  const HandRun run = run_of_trades({.5, .1, -.2, 0, -.1, -.3, .6});
  EXPECT_NEAR(run[Metric::best_trade_pct], 60, 1e-12);
  EXPECT_NEAR(run[Metric::worst_trade_pct], -30, 1e-12);
  EXPECT_NEAR(run[Metric::expectancy], .6 / 7, 1e-15);
  EXPECT_NEAR(run[Metric::expectancy_pct], 60. / 7, 1e-12);
  EXPECT_NEAR(run[Metric::avg_trade_pct],
              100 * (std::pow(1.5 * 1.1 * .8 * 1 * .9 * .7 * 1.6, 1. / 7) - 1), 1e-12);
  EXPECT_NEAR(run[Metric::avg_win], .4, 1e-15);
  EXPECT_NEAR(run[Metric::avg_loss], -.2, 1e-15);
  EXPECT_EQ(run[Metric::largest_win], .6);
  EXPECT_EQ(run[Metric::largest_loss], -.3);
  EXPECT_NEAR(run[Metric::payoff_ratio], 2, 1e-12);
  EXPECT_NEAR(run[Metric::kelly_criterion], 3. / 7 - 4. / 7 / 2, 1e-12);
  EXPECT_EQ(run[Metric::max_consecutive_wins], 2);
  EXPECT_EQ(run[Metric::max_consecutive_losses], 2);
  EXPECT_EQ(run[Metric::max_trade_duration], 86'400);
}

TEST(Metrics, QualityIsCappedAtAHundredTradesInItsOtherFigure) {
  HandRun run(100, std::vector<double>(500, 100));
  for (std::uint64_t i = 0; i < 400; ++i) run.trade(i, i + 1, i % 4 == 0 ? -1 : 1);
  EXPECT_NEAR(run[Metric::sqn], 2 * run[Metric::sqn_100], 1e-12);
  EXPECT_NEAR(run[Metric::sqn_100], 10 * .5 / std::sqrt(.75 * 400 / 399), 1e-12);
}

TEST(Metrics, TooFewOrEqualTradesHaveNoQuality) {
  expect_undefined(run_of_trades({.1}), Metric::sqn, Undefined::too_few_trades);
  expect_undefined(run_of_trades({.1, .1, .1}), Metric::sqn, Undefined::trades_do_not_vary);
}

TEST(Metrics, ATradeThatLostEverythingLeavesNoGeometricMean) {
  const HandRun run = run_of_trades({.1, -1});
  expect_undefined(run, Metric::avg_trade_pct, Undefined::trade_lost_everything);
  EXPECT_NEAR(run[Metric::worst_trade_pct], -100, 1e-12);
}

TEST(Metrics, OfOneKindOfTradesTheRatiosAreUndefined) {
  const HandRun won = run_of_trades({.1, .2});
  expect_undefined(won, Metric::payoff_ratio, Undefined::no_losses);
  expect_undefined(won, Metric::kelly_criterion, Undefined::no_losses);
  expect_undefined(won, Metric::avg_loss, Undefined::no_losses);
  const HandRun lost = run_of_trades({-.1, -.2});
  expect_undefined(lost, Metric::payoff_ratio, Undefined::no_wins);
  expect_undefined(lost, Metric::kelly_criterion, Undefined::no_wins);
  expect_undefined(lost, Metric::largest_win, Undefined::no_wins);
  EXPECT_EQ(lost[Metric::profit_factor], 0);
}

TEST(Metrics, ExposureIsTheShareOfEquityThatIsHeldAtTheCloses) {
  HandRun run(1000, {1000, 1000, 1000, 1000});
  run.close = {10, 20, 10, 10};
  run.fill(1, 10, 10).fill(2, -15, 10).fill(3, 5, 10);
  EXPECT_NEAR(run[Metric::exposure_gross_pct], (20 + 5) / 4., 1e-12);
  EXPECT_NEAR(run[Metric::exposure_net_pct], (20 - 5) / 4., 1e-12);
}

TEST(Metrics, TurnoverIsWhatIsTradedInAYearByMeanEquity) {
  HandRun run(1000, {1000, 3000}, static_cast<TimeNs>(365.25 * static_cast<double>(kDayNs)));
  run.fill(0, 50, 20).fill(1, -50, 40);
  EXPECT_NEAR(run[Metric::turnover_ann], (1000 + 2000) / 2. / 2000, 1e-12);
}

TEST(Metrics, BuyAndHoldIsMeasuredAsARunIs) {
  HandRun run(500, {500, 510, 520, 530});
  run.close = {10, 12, 9, 11};
  HandRun held(500, {500, 600, 450, 550});
  held.close = run.close;
  const auto figures = run.with_run(buy_and_hold_metrics);
  const auto expect_same = [&](Metric key) {
    const auto found = std::ranges::find(figures, key, &MetricFigure::key);
    ASSERT_NE(found, figures.end());
    EXPECT_NEAR(found->value, held[key], 1e-12 * std::abs(held[key]));
  };
  for (const Metric key : {Metric::return_pct, Metric::cagr_pct, Metric::volatility_ann_pct,
                           Metric::sharpe_ratio, Metric::max_drawdown}) {
    expect_same(key);
  }
  EXPECT_EQ(std::ranges::count(figures, Metric::win_rate, &MetricFigure::key), 0);
}

}  // namespace
}  // namespace runledger::metrics_test
