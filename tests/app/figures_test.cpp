// Figures that are made when somebody looks.
#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>

#include <runledger/app/figures.hpp>

#include "workbench.hpp"

namespace runledger::app {
namespace {

using test::with;
using testing::HasSubstr;

double value_of(const std::vector<MetricDetail>& figures, std::string_view name) {
  const auto found = std::ranges::find(figures, name, &MetricDetail::name);
  EXPECT_NE(found, figures.end()) << name;
  return found == figures.end() ? std::nan("") : found->value;
}

class FiguresTest : public test::Workbench {
 protected:
  [[nodiscard]] Figures measured(Seq id, const FigureRequest& request = {}) const {
    auto figures = measure(context_, id, request);
    if (!figures) throw std::runtime_error(figures.error().message);
    return std::move(*figures);
  }
  [[nodiscard]] RunDetail imported_and_run() const {
    import(write_prices("DEMO.csv", 600));
    return run(options("DEMO"));
  }
  RunDetail run_ = imported_and_run();
};

TEST_F(FiguresTest, MadeAgainAreTheRecordedOnes) {
  const Figures figures = measured(run_.id);
  ASSERT_EQ(figures.figures.size(), run_.metrics.size());
  for (std::size_t i = 0; i < figures.figures.size(); ++i) {
    EXPECT_EQ(figures.figures[i].name, run_.metrics[i].name);
    EXPECT_EQ(figures.figures[i].undefined, run_.metrics[i].undefined);
    const bool same = figures.figures[i].value == run_.metrics[i].value;
    EXPECT_TRUE(same || !run_.metrics[i].undefined.empty()) << run_.metrics[i].name;
  }
}

TEST_F(FiguresTest, OfBuyAndHoldNeedOnlyTheData) {
  const auto held = buy_and_hold(context_, run_);
  ASSERT_TRUE(held) << held.error().message;
  EXPECT_EQ(value_of(*held, "return_pct"), value_of(run_.metrics, "buy_hold_return_pct"));
  EXPECT_EQ(value_of(*held, "duration"), value_of(run_.metrics, "duration"));
  const Figures figures = measured(run_.id);
  for (const MetricDetail& figure : figures.buy_and_hold)
    EXPECT_EQ(value_of(*held, figure.name), figure.value) << figure.name;
}

TEST_F(FiguresTest, OfBuyAndHoldEndWhereABankruptRunEnded) {
  import(write_file("FALL.csv",
                    "Date,Open,High,Low,Close,Volume\n2024-01-02,100,100,100,100,1\n"
                    "2024-01-03,100,100,100,100,1\n2024-01-04,90,90,90,90,1\n"
                    "2024-01-05,120,120,120,120,1\n2024-01-08,130,130,130,130,1\n"));
  RunOptions wild = options("FALL");
  wild.strategy = "buy_and_hold";
  wild.leverage = "20";
  wild.size = "value:190000";
  const RunDetail bankrupt = run(wild);
  ASSERT_TRUE(bankrupt.bankrupt);
  const auto held = buy_and_hold(context_, bankrupt);
  ASSERT_TRUE(held) << held.error().message;
  EXPECT_EQ(value_of(*held, "return_pct"), value_of(bankrupt.metrics, "buy_hold_return_pct"));
  EXPECT_NEAR(value_of(*held, "return_pct"), -10, 1e-12);
}

TEST_F(FiguresTest, UnderAnotherConventionHaveItsNames) {
  for (const std::string& convention : figure_conventions()) {
    const Figures figures = measured(run_.id, {.convention = convention});
    EXPECT_EQ(figures.convention, convention);
    EXPECT_GE(figures.figures.size(), 14U) << convention;
  }
  const Figures bt = measured(run_.id, {.convention = "backtesting.py"});
  EXPECT_EQ(value_of(bt.figures, "Equity Final [$]"), value_of(run_.metrics, "equity_final"));
  EXPECT_NEAR(value_of(bt.figures, "Max. Drawdown [%]"), -value_of(run_.metrics, "max_drawdown"),
              1e-9);
}

TEST_F(FiguresTest, UnderOtherRatesLeaveWhatIsRecordedAlone) {
  FigureRequest request = with(&FigureRequest::periods_per_year, "252");
  const Figures without = measured(run_.id, request);
  request.risk_free_rate = "0.05";
  const Figures figures = measured(run_.id, request);
  EXPECT_EQ(figures.risk_free_rate, 0.05);
  EXPECT_EQ(figures.minimum_return, 0.05);
  EXPECT_EQ(value_of(figures.figures, "periods_per_year"), 252);
  EXPECT_LT(value_of(figures.figures, "sharpe_ratio"), value_of(without.figures, "sharpe_ratio"));
  const RunDetail again = detail(run_.id);
  EXPECT_EQ(again.sharpe_ratio, run_.sharpe_ratio);
}

TEST_F(FiguresTest, SayWhereThePeriodsOfAYearComeFrom) {
  const auto label = [](const std::vector<MetricDetail>& figures) {
    return std::ranges::find(figures, "periods_per_year", &MetricDetail::name)->label;
  };
  EXPECT_EQ(label(run_.metrics), "Periods/Year (inferred)");
  EXPECT_EQ(label(measured(run_.id, with(&FigureRequest::periods_per_year, "100")).figures),
            "Periods/Year (given)");
}

TEST_F(FiguresTest, RefuseConventionsAndRatesThatAreNone) {
  const auto refusal = [&](std::optional<std::string> FigureRequest::* member, const char* text) {
    const auto figures = measure(context_, run_.id, with(member, text));
    EXPECT_FALSE(figures);
    return figures ? std::string() : figures.error().message;
  };
  EXPECT_THAT(refusal(&FigureRequest::convention, "pyfolio"),
              HasSubstr("expected one of backtesting.py, quantstats, empyrical, lean"));
  EXPECT_THAT(refusal(&FigureRequest::risk_free_rate, "-1"), HasSubstr("above -1"));
  EXPECT_THAT(refusal(&FigureRequest::minimum_return, "two percent"),
              HasSubstr("--minimum-return is `two percent`"));
  EXPECT_THAT(refusal(&FigureRequest::periods_per_year, "0"), HasSubstr("above 0"));
}

TEST_F(FiguresTest, OfAFailedRunAreNone) {
  RunOptions failing = options("DEMO");
  failing.strategy = MISBEHAVING ":segv";
  const RunDetail failed = run(failing);
  ASSERT_EQ(failed.status, "failed");
  EXPECT_EQ(measure(context_, failed.id, {}).error().code, ErrorCode::run_failed);
  EXPECT_EQ(buy_and_hold(context_, failed).error().code, ErrorCode::run_failed);
}

}  // namespace
}  // namespace runledger::app
