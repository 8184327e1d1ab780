// What holds for the figures of any run.
#include <cmath>
#include <functional>
#include <map>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "naive.hpp"
#include "random_run.hpp"

namespace runledger::metrics_test {
namespace {

void for_random_runs(const std::function<void(const HandRun&)>& body) {
  EXPECT_TRUE(rc::check([&](std::uint64_t seed) { body(random_run(seed)); }));
}

bool is_near(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  return std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b)) + 1e-12;
}

TEST(MetricProperties, EachFigureIsThatOfItsPlainDefinition) {
  std::map<Metric, int> defined;
  for (std::uint64_t seed = 0; seed < 2'000; ++seed) {
    const HandRun run = random_run(seed);
    const auto expected = naive_metrics(run);
    const auto figures = run.with_run(compute_metrics);
    for (std::size_t i = 0; i < figures.size(); ++i) {
      const double plain = expected.at(figures[i].key);
      ASSERT_TRUE(is_near(figures[i].value, plain))
          << "seed " << seed << ": " << metric_table()[i].name << " is " << figures[i].value
          << ", plainly " << plain;
      if (!std::isnan(plain)) ++defined[figures[i].key];
    }
  }
  for (const MetricInfo& info : metric_table()) EXPECT_GT(defined[info.key], 200) << info.name;
}

TEST(MetricProperties, AFigureIsAFiniteNumberOrNoneWithAReason) {
  for_random_runs([](const HandRun& run) {
    for (const MetricFigure& figure : run.with_run(compute_metrics)) {
      const bool defined = figure.undefined == Undefined::defined;
      RC_ASSERT((defined ? std::isfinite(figure.value) : std::isnan(figure.value)));
    }
  });
}

// Twice the money in the same units of time: a power of two changes no digit.
TEST(MetricProperties, MoneyScalesWithTheAccountAndNothingElseDoes) {
  for_random_runs([](const HandRun& run) {
    HandRun twice = run;
    twice.result.start_cash *= 2;
    for (double& value : twice.result.equity) value *= 2;
    for (TradeRecord& trade : twice.result.trades) {
      trade.size *= 2;
      trade.pnl *= 2;
    }
    for (FillRecord& fill : twice.result.fills) {
      fill.quantity *= 2;
      fill.fee *= 2;
    }
    const auto before = run.with_run(compute_metrics);
    const auto after = twice.with_run(compute_metrics);
    for (std::size_t i = 0; i < before.size(); ++i) {
      RC_ASSERT(before[i].undefined == after[i].undefined);
      if (before[i].undefined != Undefined::defined) continue;
      const double factor = metric_table()[i].unit == "$" ? 2 : 1;
      RC_ASSERT(after[i].value == before[i].value * factor);
    }
  });
}

TEST(MetricProperties, FiguresDoNotDependOnTheYearItHappenedIn) {
  for_random_runs([](const HandRun& run) {
    HandRun later = run;
    for (TimeNs& time : later.label) time += 1'000 * kDayNs;
    for (TimeNs& time : later.close_time) time += 1'000 * kDayNs;
    const auto before = run.with_run(compute_metrics);
    const auto after = later.with_run(compute_metrics);
    for (std::size_t i = 0; i < before.size(); ++i) {
      RC_ASSERT(before[i].undefined == after[i].undefined);
      RC_ASSERT((before[i].undefined != Undefined::defined || before[i].value == after[i].value));
    }
  });
}

TEST(MetricProperties, FiguresKeepTheOrderThatTheirDefinitionsImply) {
  for_random_runs([](const HandRun& run) {
    const auto not_above = [&](Metric low, Metric high) {
      const MetricFigure a = run.figure(low);
      const MetricFigure b = run.figure(high);
      if (a.undefined != Undefined::defined || b.undefined != Undefined::defined) return;
      RC_ASSERT(a.value <= b.value + 1e-9 * std::abs(b.value));
    };
    not_above(Metric::cvar_95, Metric::var_95);
    not_above(Metric::cvar_95_gaussian, Metric::var_95_gaussian);
    not_above(Metric::worst_trade_pct, Metric::avg_trade_pct);
    not_above(Metric::avg_trade_pct, Metric::expectancy_pct);
    not_above(Metric::expectancy_pct, Metric::best_trade_pct);
    not_above(Metric::avg_drawdown, Metric::max_drawdown);
    not_above(Metric::ulcer_index, Metric::max_drawdown);
    not_above(Metric::avg_drawdown_duration, Metric::max_drawdown_duration);
    not_above(Metric::largest_loss, Metric::avg_loss);
    not_above(Metric::avg_win, Metric::largest_win);
    not_above(Metric::exposure_net_pct, Metric::exposure_gross_pct);
    not_above(Metric::equity_final, Metric::equity_peak);
  });
}

TEST(MetricProperties, BuyingAndHoldingIsItsOwnBenchmark) {
  for_random_runs([](HandRun run) {
    for (std::size_t bar = 0; bar < run.close.size(); ++bar)
      run.result.equity[bar] = run.result.start_cash * (run.close[bar] / run.close[0]);
    const MetricFigure beta = run.figure(Metric::beta);
    if (beta.undefined != Undefined::defined) return;
    RC_ASSERT(is_near(beta.value, 1));
    RC_ASSERT(std::abs(run[Metric::alpha_pct]) < 1e-9);
    RC_ASSERT(std::abs(run[Metric::tracking_error_pct]) < 1e-9);
    RC_ASSERT(run.figure(Metric::information_ratio).undefined == Undefined::zero_variance);
    RC_ASSERT(is_near(run[Metric::return_pct], run[Metric::buy_hold_return_pct]));
  });
}

}  // namespace
}  // namespace runledger::metrics_test
