#include "parity_cases.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>

#include <gtest/gtest.h>

#include <runledger/base/time.hpp>
#include <runledger/metrics/metrics.hpp>

#include "shared_folder.hpp"

namespace runledger::test {
namespace {

using Json = nlohmann::json;

Json read_cases(const std::filesystem::path& path) {
  std::ifstream file(path);
  return Json::parse(file).at("cases");
}

struct Case {
  Json expected;
  Bars bars;
  RunResult result;
  [[nodiscard]] std::string date(std::uint64_t bar) const { return format_date(bars.label[bar]); }
};

Case run_case(const Json& expected, const std::filesystem::path& csv, const ParityRunner& runner) {
  Case it{expected, read_daily_csv(csv), {}};
  Settings settings;
  settings.cash = expected.at("cash");
  settings.account = AccountKind::reference;
  Outcome outcome = runner(expected.at("parameters"), PaddedBars(it.bars), settings);
  EXPECT_TRUE(outcome.has_value());
  if (outcome) it.result = std::move(*outcome);
  return it;
}

void expect_same_trades(const Case& it) {
  const Json& trades = it.expected.at("trades");
  std::size_t closed = 0;
  for (const TradeRecord& trade : it.result.trades) {
    if (!trade.exit_bar) continue;
    ASSERT_LT(closed, trades.size());
    const Json& old = trades[closed++];
    EXPECT_EQ(it.date(trade.entry_bar), old.at("entry_date"));
    EXPECT_EQ(it.date(*trade.exit_bar), old.at("exit_date"));
    EXPECT_EQ(trade.entry_price, old.at("entry_price").get<double>());
    EXPECT_EQ(trade.exit_price, old.at("exit_price").get<double>());
    EXPECT_EQ(trade.size, old.at("size").get<double>());
    EXPECT_EQ(trade.pnl, old.at("pnl").get<double>());
  }
  EXPECT_EQ(closed, trades.size());
  EXPECT_EQ(it.result.trades.size(), it.expected.at("trades_opened").get<std::size_t>());
}

// The figures that are recorded with a run.
void expect_same_counts(const Case& it) {
  const PaddedBars bars(it.bars);
  const auto figures =
      compute_metrics(it.result, bars.columns(), bars.interval(), AccountKind::reference);
  const auto count = [&](Metric key) {
    return std::ranges::find(figures, key, &MetricFigure::key)->value;
  };
  EXPECT_EQ(count(Metric::winning_trades), it.expected.at("winners").get<double>());
  EXPECT_EQ(count(Metric::losing_trades), it.expected.at("losers").get<double>());
  EXPECT_EQ(count(Metric::total_trades), it.expected.at("trades_opened").get<double>());
}

void expect_same_open_position(const Case& it) {
  const Json& old = it.expected.at("open_position");
  if (old.is_null()) {
    EXPECT_EQ(it.result.final_position, 0);
    return;
  }
  EXPECT_EQ(it.result.final_position, old.at("size").get<double>());
  ASSERT_FALSE(it.result.trades.empty());
  EXPECT_FALSE(it.result.trades.back().exit_bar.has_value());
}

void expect_same_refusals(const Case& it) {
  const Json& refusals = it.expected.at("rejected_orders");
  ASSERT_EQ(it.result.refusals.size(), refusals.size());
  for (std::size_t i = 0; i < refusals.size(); ++i) {
    const RefusalRecord& refusal = it.result.refusals[i];
    EXPECT_EQ(it.date(refusal.bar), refusals[i].at("date"));
    EXPECT_EQ(it.date(it.result.orders[refusal.order_id - 1].bar), refusals[i].at("signal_date"));
    EXPECT_EQ(refusal.quantity, refusals[i].at("size").get<double>());
  }
}

void expect_same_equity(const Case& it) {
  const Json& equity = it.expected.at("equity");
  ASSERT_EQ(it.result.equity.size(), equity.size());
  double peak = it.result.equity.front();
  double drawdown_pct = 0;
  for (std::size_t bar = 0; bar < equity.size(); ++bar) {
    const double value = it.result.equity[bar];
    ASSERT_EQ(value, equity[bar].get<double>()) << "at bar " << bar;
    peak = std::max(peak, value);
    drawdown_pct = std::max(drawdown_pct, 100 * (peak - value) / peak);
  }
  EXPECT_EQ(drawdown_pct, it.expected.at("max_drawdown_pct").get<double>());
  EXPECT_EQ(it.result.final_cash, it.expected.at("final_cash").get<double>());
}

void expect_parity(const Json& cases, const std::filesystem::path& root,
                   const ParityRunner& runner) {
  for (const Json& expected : cases) {
    SCOPED_TRACE(expected.at("id").get<std::string>());
    const Case it = run_case(expected, root / expected.at("data").get<std::string>(), runner);
    expect_same_trades(it);
    expect_same_counts(it);
    expect_same_open_position(it);
    expect_same_refusals(it);
    expect_same_equity(it);
  }
}

}  // namespace

void expect_golden_parity(const std::string& strategy, std::size_t count,
                          const ParityRunner& runner) {
  const std::filesystem::path golden = std::filesystem::path(RL_SOURCE_DIR) / "tests/golden";
  const Json cases = read_cases(golden / "parity" / (strategy + ".json"));
  ASSERT_EQ(cases.size(), count);
  expect_parity(cases, golden, runner);
}

void expect_shared_parity(const std::string& strategy, std::size_t count,
                          const ParityRunner& runner) {
  const std::filesystem::path shared = shared_folder();
  if (shared.empty()) GTEST_SKIP() << "the reference data (../shared) is not beside the repository";
  const Json cases = read_cases(shared / "reference/parity" / (strategy + ".json"));
  ASSERT_EQ(cases.size(), count);
  expect_parity(cases, shared, runner);
}

}  // namespace runledger::test
