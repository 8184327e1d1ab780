// The same run as other tools measure it.
#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include <runledger/metrics/compat.hpp>

#include "bacon.hpp"
#include "random_run.hpp"

namespace runledger::metrics_test {
namespace {

CompatFigure compat_figure(const HandRun& run, Convention convention, std::string_view label) {
  const auto figures =
      run.with_run([&](const FinishedRun& it) { return compat_metrics(it, convention); });
  const auto found = std::ranges::find(figures, label, &CompatFigure::label);
  EXPECT_NE(found, figures.end()) << label;
  return found == figures.end() ? CompatFigure{} : *found;
}

// Figures of one run under one convention, by their labels.
struct Under {
  HandRun run;
  Convention convention;
  double operator[](std::string_view label) const {
    const CompatFigure found = compat_figure(run, convention, label);
    EXPECT_EQ(found.undefined, Undefined::defined) << label;
    return found.value;
  }
};

// Bacon's months with real months as labels, which backtesting.py tells by their lengths.
HandRun bacon_in_calendar_months() {
  HandRun run = bacon_from_a_first_close();
  TimeNs time = 0;
  for (std::size_t bar = 0; bar < run.label.size(); ++bar) {
    run.label[bar] = time;
    time = run.close_time[bar] = close_time(time, run.interval);
  }
  return run;
}

TEST(Compat, NamesAreThoseOfTheToolsAndReadBack) {
  for (const std::string_view name : convention_names()) {
    const auto read = parse_convention(name);
    ASSERT_TRUE(read) << name;
    EXPECT_EQ(convention_names()[static_cast<std::size_t>(*read)], name);
  }
  EXPECT_FALSE(parse_convention("backtesting"));
  EXPECT_FALSE(parse_convention(""));
}

TEST(Compat, BacktestingPyGivesItsOwnFiguresOfBacon) {
  const Under bt{bacon_in_calendar_months(), Convention::backtesting_py};
  EXPECT_NEAR(bt["Return [%]"], 21.8105767221, 1e-10);
  EXPECT_NEAR(bt["Return (Ann.) [%]"], 10.367828973, 1e-9);
  EXPECT_NEAR(bt["Volatility (Ann.) [%]"], 15.0602628023, 1e-10);
  EXPECT_NEAR(bt["Sharpe Ratio"], .688422845543, 1e-12);
  EXPECT_NEAR(bt["Sortino Ratio"], 1.30482639121, 1e-11);
  EXPECT_NEAR(bt["Calmar Ratio"], .716639051162, 1e-12);
  EXPECT_NEAR(bt["Max. Drawdown [%]"], -14.4672955739, 1e-10);
}

TEST(Compat, QuantstatsGivesItsOwnFiguresOfBacon) {
  const Under qs{bacon(), Convention::quantstats};
  EXPECT_NEAR(qs["CAGR﹪"], 10.367828973, 1e-9);
  EXPECT_NEAR(qs["Volatility (ann.)"], 13.700015868, 1e-9);
  EXPECT_NEAR(qs["Sharpe"], .788320254814, 1e-12);
  EXPECT_NEAR(qs["Sortino"], 1.35921657868, 1e-11);
  EXPECT_NEAR(qs["Omega"], 1.7797833935, 1e-10);
  EXPECT_NEAR(qs["Max Drawdown"], -14.4672955739, 1e-10);
  EXPECT_NEAR(qs["Calmar"], .716639051162, 1e-12);
  EXPECT_NEAR(qs["Tail Ratio"], 1.17483108108, 1e-11);
  EXPECT_NEAR(qs["Daily Value-at-Risk"], -5.605155822, 1e-9);
  EXPECT_NEAR(qs["Expected Shortfall (cVaR)"], -6.3, 1e-12);
  EXPECT_NEAR(qs["Skew"], -.0881717493497, 1e-13);
  EXPECT_NEAR(qs["Kurtosis"], -.407660321186, 1e-12);
  EXPECT_NEAR(qs["Kelly Criterion"], 25.5578093306, 1e-10);
  EXPECT_NEAR(qs["Ulcer Index"], .0611842872619 * std::sqrt(24. / 23), 1e-12);
  EXPECT_EQ(qs["Time in Market"], 100);
  EXPECT_NEAR(qs["Win Days"], 100. * 14 / 24, 1e-12);
  const Under with_benchmark{bacon_from_a_first_close(), Convention::quantstats};
  EXPECT_NEAR(with_benchmark["Beta"], .998850208623, 1e-12);
  EXPECT_NEAR(with_benchmark["Alpha"], -.012361450139, 1e-12);
}

TEST(Compat, EmpyricalGivesItsOwnFiguresOfBacon) {
  Under emp{bacon(), Convention::empyrical};
  EXPECT_NEAR(emp["annual_return"], .10367828973, 1e-11);
  EXPECT_NEAR(emp["cum_returns_final"], .218105767221, 1e-12);
  EXPECT_NEAR(emp["annual_volatility"], .13700015868, 1e-11);
  EXPECT_NEAR(emp["sharpe_ratio"], .788320254814, 1e-12);
  EXPECT_NEAR(emp["sortino_ratio"], 1.35921657868, 1e-11);
  EXPECT_NEAR(emp["downside_risk"], .02293741485 * std::sqrt(12), 1e-10);
  EXPECT_NEAR(emp["calmar_ratio"], .716639051162, 1e-12);
  EXPECT_NEAR(emp["max_drawdown"], -.144672955739, 1e-12);
  EXPECT_NEAR(emp["omega_ratio"], 1.7797833935, 1e-10);
  EXPECT_NEAR(emp["tail_ratio"], 1.17483108108, 1e-11);
  EXPECT_NEAR(emp["value_at_risk"], -.0592, 1e-15);
  EXPECT_NEAR(emp["conditional_value_at_risk"], -.063, 1e-15);
  emp.run.options.minimum_return = .05;
  EXPECT_NEAR(emp["omega_ratio"], 1.3708134658, 1e-10);
  emp.run.options.minimum_return = std::pow(1.005, 12) - 1;
  EXPECT_NEAR(emp["downside_risk"], .0255367382412 * std::sqrt(12), 1e-12);
  const Under with_benchmark{bacon_from_a_first_close(), Convention::empyrical};
  EXPECT_NEAR(with_benchmark["alpha"], -.0122916542361, 1e-12);
  EXPECT_NEAR(with_benchmark["beta"], .998850208623, 1e-12);
}

TEST(Compat, LeanGivesItsOwnFiguresOfBacon) {
  const Under lean{bacon(), Convention::lean};
  EXPECT_NEAR(lean["Sharpe Ratio"], .828536813757, 1e-12);
  EXPECT_NEAR(lean["Sortino Ratio"], 1.39662923082, 1e-11);
  EXPECT_NEAR(lean["Annual Standard Deviation"], .13700015868, 1e-11);
  EXPECT_NEAR(lean["Drawdown"], 14.5, 1e-12);
  EXPECT_NEAR(lean["Net Profit"], 21.8105767221, 1e-10);
  EXPECT_NEAR(lean["Compounding Annual Return"], 100 * (std::pow(1.218105767221, 365 / 730.5) - 1),
              1e-9);
  const Under with_benchmark{bacon_from_a_first_close(), Convention::lean};
  EXPECT_NEAR(with_benchmark["Beta"], .998850208623, 1e-12);
  EXPECT_NEAR(with_benchmark["Tracking Error"], .0336397152, 1e-9);
}

TEST(Compat, LeanMeasuresTheLosersAboutTheirOwnMean) {
  // .0234617892659 is the published deviation of Bacon's losing months.
  const Under lean{bacon(), Convention::lean};
  const double excess = lean["Sharpe Ratio"] * lean["Annual Standard Deviation"];
  EXPECT_NEAR(excess / lean["Sortino Ratio"] / std::sqrt(12), .0234617892659, 1e-12);
}

// Ten bars with four trades: two wins, a loss, and one of nothing.
HandRun some_trades() {
  HandRun run(100, {100, 101, 104, 103, 102, 102, 102, 105, 105, 105});
  run.trade(1, 2, 4).trade(3, 4, -2).trade(5, 6, 0).trade(7, 7, 3);
  run.fill(1, 1, 20).fill(2, -1, 24);
  return run;
}

TEST(Compat, LeanCountsATradeOfNothingAsLostAndWritesTenForNoLoss) {
  Under lean{some_trades(), Convention::lean};
  EXPECT_EQ(lean["Win Rate"], 50);
  EXPECT_EQ(lean["Loss Rate"], 50);
  EXPECT_NEAR(lean["Average Win"], 100 * (4 / 100. + 3 / 102.) / 2, 1e-12);
  EXPECT_NEAR(lean["Average Loss"], 100 * (-2 / 104.) / 2, 1e-12);
  const double ratio = lean["Average Win"] / -lean["Average Loss"];
  EXPECT_NEAR(lean["Profit-Loss Ratio"], ratio, 1e-12);
  EXPECT_NEAR(lean["Expectancy"], .5 * ratio - .5, 1e-12);
  EXPECT_NEAR(lean["Profit Factor"], 3.5, 1e-12);
  EXPECT_NEAR(lean["Portfolio Turnover"], 100 * (20 / 101. + 24 / 104.) / 10, 1e-12);
  EXPECT_EQ(lean["Drawdown Recovery"], 5);
  std::erase_if(lean.run.result.trades, [](const TradeRecord& trade) { return trade.pnl < 0; });
  EXPECT_EQ(lean["Profit Factor"], 10);
}

TEST(Compat, BacktestingPyCountsTheExitBarAndPctReturns) {
  const Under bt{some_trades(), Convention::backtesting_py};
  EXPECT_EQ(bt["Exposure Time [%]"], 70);
  EXPECT_EQ(bt["# Trades"], 4);
  EXPECT_EQ(bt["Win Rate [%]"], 50);
  EXPECT_EQ(bt["Duration"], 9 * 86'400);
  EXPECT_EQ(bt["Max. Drawdown Duration"], 5 * 86'400);
  EXPECT_NEAR(bt["Profit Factor"], 3.5, 1e-12);
}

TEST(Compat, QuantstatsCountsDaysUnderWaterWithBothEnds) {
  const Under qs{some_trades(), Convention::quantstats};
  EXPECT_EQ(qs["Longest DD Days"], 4);
  EXPECT_EQ(qs["Time in Market"], 50);
  EXPECT_EQ(qs["Win Days"], 60);
}

TEST(Compat, WhatIsUndefinedSaysWhy) {
  const HandRun flat(100, {100, 100, 100, 100});
  const auto reason = [&](Convention convention, std::string_view label) {
    const CompatFigure found = compat_figure(flat, convention, label);
    EXPECT_TRUE(std::isnan(found.value)) << label;
    return found.undefined;
  };
  EXPECT_EQ(reason(Convention::backtesting_py, "Sharpe Ratio"), Undefined::zero_variance);
  EXPECT_EQ(reason(Convention::backtesting_py, "Win Rate [%]"), Undefined::no_trades);
  EXPECT_EQ(reason(Convention::backtesting_py, "Avg. Drawdown [%]"), Undefined::no_drawdown);
  EXPECT_EQ(reason(Convention::quantstats, "Sharpe"), Undefined::zero_variance);
  EXPECT_EQ(reason(Convention::quantstats, "Profit Factor"), Undefined::no_return_below);
  EXPECT_EQ(reason(Convention::empyrical, "calmar_ratio"), Undefined::no_drawdown);
  EXPECT_EQ(reason(Convention::lean, "Win Rate"), Undefined::no_trades);
  EXPECT_EQ(reason(Convention::lean, "Sharpe Ratio"), Undefined::zero_variance);
}

TEST(Compat, EveryFigureOfAnyRunIsFiniteOrHasAReasonAndEveryLabelIsOne) {
  for (std::uint64_t seed = 0; seed < 1'000; ++seed) {
    const HandRun run = random_run(seed);
    for (std::size_t i = 0; i < convention_names().size(); ++i) {
      std::set<std::string_view> labels;
      const auto figures = run.with_run(
          [&](const FinishedRun& it) { return compat_metrics(it, static_cast<Convention>(i)); });
      for (const CompatFigure& figure : figures) {
        EXPECT_TRUE(labels.insert(figure.label).second) << figure.label;
        const bool defined = figure.undefined == Undefined::defined;
        ASSERT_TRUE(defined ? std::isfinite(figure.value) : std::isnan(figure.value))
            << "seed " << seed << ": " << figure.label << " is " << figure.value;
      }
    }
  }
}

}  // namespace
}  // namespace runledger::metrics_test
