// Figures that others published, to the digits in which they did.
#include "bacon.hpp"

#include <array>
#include <cmath>
#include <span>
#include <vector>

#include <gtest/gtest.h>

namespace runledger::metrics_test {
namespace {

TEST(Bacon, ReturnsAndRiskAreThePublishedOnes) {
  const HandRun run = bacon();
  EXPECT_EQ(run[Metric::periods_per_year], 12);
  EXPECT_NEAR(run[Metric::return_pct], 21.8105767221, 1e-10);
  EXPECT_NEAR(run[Metric::return_ann_pct], 10.367828973, 1e-9);
  EXPECT_NEAR(run[Metric::cagr_pct], 10.367828973, 1e-9);
  EXPECT_NEAR(run[Metric::volatility_ann_pct], 13.700015868, 1e-9);
  EXPECT_NEAR(run[Metric::sharpe_ratio], .788320254814, 1e-12);
  EXPECT_NEAR(run[Metric::sortino_ratio], 1.35921657868, 1e-11);
  EXPECT_NEAR(run[Metric::kelly_continuous], 5.75415577917, 1e-11);
}

TEST(Bacon, OtherDenominatorsFollowFromOurs) {
  const HandRun run = bacon();
  // ddof 0, and the geometric mean in place of the arithmetic one.
  EXPECT_NEAR(run[Metric::sharpe_ratio] * std::sqrt(24. / 23), .805275318288, 1e-12);
  EXPECT_NEAR(run[Metric::return_ann_pct] / run[Metric::volatility_ann_pct], .756774960912, 1e-12);
}

TEST(Bacon, DrawdownsAreThePublishedOnes) {
  const HandRun run = bacon();
  EXPECT_NEAR(run[Metric::max_drawdown], 14.4672955739, 1e-10);
  EXPECT_NEAR(run[Metric::calmar_ratio], .716639051162, 1e-12);
  EXPECT_NEAR(run[Metric::ulcer_index], 6.11842872619, 1e-11);
}

TEST(Bacon, TailsAndShapeAreThePublishedOnes) {
  const HandRun run = bacon();
  EXPECT_NEAR(run[Metric::tail_ratio], 1.17483108108, 1e-11);
  EXPECT_NEAR(run[Metric::var_95], -.0592, 1e-15);
  EXPECT_NEAR(run[Metric::cvar_95], -.063, 1e-15);
  EXPECT_NEAR(run[Metric::var_95_gaussian], -.05605155822, 1e-11);
  EXPECT_NEAR(run[Metric::cvar_95_gaussian], -.0725772784217, 1e-13);
  EXPECT_NEAR(run[Metric::skewness], -.0825624552086, 1e-13);
  EXPECT_NEAR(run[Metric::raw_kurtosis], 2.43245379411, 1e-11);
}

TEST(Bacon, OmegaIsThePublishedOneAtBothThresholds) {
  HandRun run = bacon();
  EXPECT_NEAR(run[Metric::omega_ratio], 1.7797833935, 1e-10);
  run.options.minimum_return = .05;
  EXPECT_NEAR(run[Metric::omega_ratio], 1.3708134658, 1e-10);
}

TEST(Bacon, SortinoAtAMinimumOfHalfAPercentAMonthIsThePublishedOne) {
  HandRun run = bacon();
  run.options.minimum_return = std::pow(1.005, 12) - 1;
  EXPECT_NEAR(run[Metric::sortino_ratio] / std::sqrt(12), .15663707566, 1e-11);
}

TEST(Bacon, FiguresAgainstTheBenchmarkAreThePublishedOnes) {
  const HandRun run = bacon_from_a_first_close();
  EXPECT_NEAR(run[Metric::beta], .998850208623, 1e-12);
  EXPECT_NEAR(run[Metric::alpha_pct], -1.2361450139, 1e-10);
  EXPECT_NEAR(run[Metric::tracking_error_pct], 3.36397152, 1e-7);
  EXPECT_NEAR(run[Metric::information_ratio], -.37158459718, 1e-11);
}

TEST(Bacon, JensensAlphaOfTheGrowthRatesFollowsFromBuyAndHold) {
  HandRun run = bacon();
  const double growth = run[Metric::return_ann_pct];
  run.result.equity = bacon_benchmark().result.equity;
  const double benchmark_growth = run[Metric::return_ann_pct];
  const double beta = bacon_from_a_first_close()[Metric::beta];
  EXPECT_NEAR((growth - beta * benchmark_growth) / 100, -.0141694446542, 1e-13);
}

// A year's returns of a run on yearly bars.
HandRun yearly(std::span<const double> returns) {
  HandRun run = run_of_returns(returns, static_cast<TimeNs>(365.25 * static_cast<double>(kDayNs)));
  EXPECT_EQ(run[Metric::periods_per_year], 1);
  return run;
}

TEST(PublishedFigures, SharpeOverARiskFreeRateOfFivePercent) {
  constexpr std::array kReturns{.259, .198, .364, -.081, .057, .055,
                                .188, .317, .24,  .184,  -.01, .526};
  HandRun run = yearly(kReturns);
  run.options.risk_free_rate = .05;
  EXPECT_NEAR(run[Metric::sharpe_ratio], .8343639209671, 1e-13);
}

TEST(PublishedFigures, SortinoOverZero) {
  constexpr std::array kReturns{.17, .15, .23, -.05, .12, .09, .13, -.04};
  EXPECT_NEAR(yearly(kReturns)[Metric::sortino_ratio], 4.417261042994, 1e-12);
}

TEST(PublishedFigures, OmegaOverOnePercent) {
  constexpr std::array kReturns{.0089, .0012, -.002, .01, -.0002, .02,
                                .03,   .01,   -.003, .01, .0102,  -.01};
  HandRun run = yearly(kReturns);
  run.options.minimum_return = .01;
  EXPECT_NEAR(run[Metric::omega_ratio], .4639016897081, 1e-13);
}

TEST(PublishedFigures, HistoricalValueAtRiskAndWhatLiesBeyond) {
  constexpr std::array kReturns{.02, -.05, .01, -.08, .03, -.02, .04, -.10, .015, -.03};
  const HandRun run = yearly(kReturns);
  EXPECT_NEAR(run[Metric::var_95], -.091, 1e-15);
  EXPECT_NEAR(run[Metric::cvar_95], -.10, 1e-15);
}

}  // namespace
}  // namespace runledger::metrics_test
