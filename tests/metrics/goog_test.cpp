// What backtesting.py's own test expects of its crossing averages on its GOOG prices.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>
#include <string>

#include <gtest/gtest.h>

#include <runledger/base/text.hpp>
#include <runledger/metrics/compat.hpp>

#include "hand_run.hpp"
#include "shared_folder.hpp"

namespace runledger::metrics_test {
namespace {

struct Prices {
  std::vector<TimeNs> label;
  std::vector<double> open, close;
};

Prices read_prices(const std::filesystem::path& path) {
  Prices prices;
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    const auto fields = split(line, ',');
    prices.label.push_back(parse_time(fields.at(0))->time);
    prices.open.push_back(*parse_double(fields.at(1)));
    prices.close.push_back(*parse_double(fields.at(4)));
  }
  return prices;
}

// Its broker, as far as this strategy uses it: whole units for all the cash at the next open,
// closing what is held there first, and at the last bar's open at the end.
class Broker {
 public:
  Broker(const Prices& prices, HandRun& run) : prices_(prices), run_(run) {}

  void close(std::size_t bar) {
    if (units_ == 0) return;
    TradeRecord& trade = run_.result.trades.back();
    trade.exit_bar = bar;
    trade.exit_price = prices_.open[bar];
    trade.pnl = units_ * (trade.exit_price - trade.entry_price);
    cash_ += trade.pnl;
    units_ = 0;
  }
  void enter(std::size_t bar, double side) {
    const double price = prices_.open[bar];
    units_ = side * std::floor(cash_ * (1 - std::numeric_limits<double>::epsilon()) / price);
    run_.result.trades.push_back({.entry_bar = bar,
                                  .entry_price = price,
                                  .size = units_,
                                  .exit_bar = {},
                                  .exit_price = kNaN,
                                  .pnl = kNaN,
                                  .commission = 0});
  }
  void mark(std::size_t bar) {
    const double gain =
        units_ == 0 ? 0 : units_ * (prices_.close[bar] - run_.result.trades.back().entry_price);
    run_.result.equity[bar] = cash_ + gain;
  }

 private:
  const Prices& prices_;
  HandRun& run_;
  double cash_ = 10'000, units_ = 0;
};

// 1 when the average of 10 closes crosses that of 30 upwards at the bar, -1 downwards.
double crossing(const Prices& prices, std::size_t bar) {
  const auto average = [&](std::size_t last, std::size_t length) {
    const auto end = prices.close.begin() + static_cast<std::ptrdiff_t>(last) + 1;
    return std::accumulate(end - static_cast<std::ptrdiff_t>(length), end, 0.0) /
           static_cast<double>(length);
  };
  const double before = average(bar - 1, 10) - average(bar - 1, 30);
  const double now = average(bar, 10) - average(bar, 30);
  return before < 0 && now > 0 ? 1 : before > 0 && now < 0 ? -1 : 0;
}

HandRun sma_cross(const Prices& prices) {
  const std::size_t bars = prices.label.size();
  HandRun run(10'000, std::vector<double>(bars));
  run.label = prices.label;
  run.close = prices.close;
  for (std::size_t bar = 0; bar < bars; ++bar) run.close_time[bar] = run.label[bar] + kDayNs;
  Broker broker(prices, run);
  double signal = 0;
  for (std::size_t bar = 0; bar < bars; ++bar) {
    if (signal != 0) {
      broker.close(bar);
      broker.enter(bar, signal);
    }
    broker.mark(bar);
    signal = bar >= 30 ? crossing(prices, bar) : 0;
  }
  broker.close(bars - 1);
  broker.mark(bars - 1);
  return run;
}

TEST(BacktestingPy, GivesWhatItsOwnTestExpectsOfGoog) {
  const auto folder = test::shared_folder();
  if (folder.empty()) GTEST_SKIP() << "there is no shared folder with the prices";
  const HandRun run =
      sma_cross(read_prices(folder / "data" / "real" / "backtesting_py" / "GOOG.csv"));
  const auto figures = run.with_run(
      [](const FinishedRun& it) { return compat_metrics(it, Convention::backtesting_py); });
  const auto expect = [&](std::string_view label, double value) {
    const auto found = std::ranges::find(figures, label, &CompatFigure::label);
    ASSERT_NE(found, figures.end()) << label;
    EXPECT_NEAR(found->value, value, 1e-9 * std::abs(value)) << label;
  };
  expect("# Trades", 66);
  expect("Equity Final [$]", 51'422.99);
  expect("CAGR [%]", 21.1602457060);
  expect("Sharpe Ratio", .5806232244);
  expect("Sortino Ratio", 1.0853434352);
  expect("Calmar Ratio", .4416640920);
  expect("SQN", 1.0766187357);
  expect("Kelly Criterion", .1518705127);
  expect("Beta", .0380339071);
  expect("Exposure Time [%]", 96.74115456238361);
  expect("Max. Drawdown [%]", -47.98012705007589);
  expect("Avg. Drawdown [%]", -5.925851581948801);
  expect("Max. Drawdown Duration", 584 * 86'400);
  expect("Avg. Drawdown Duration", 41 * 86'400);
  expect("Avg. Trade [%]", 2.531715975158555);
  expect("Avg. Trade Duration", 46 * 86'400);
  expect("Expectancy [%]", 3.2748078066748834);
  expect("Profit Factor", 2.167945974262033);
}

}  // namespace
}  // namespace runledger::metrics_test
