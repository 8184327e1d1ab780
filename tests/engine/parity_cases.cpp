#include "parity_cases.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>

#include <gtest/gtest.h>

#include <runledger/base/digest.hpp>
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

// The values of each published line, by bar.
using Published = std::map<std::string, std::map<std::uint64_t, double>, std::less<>>;

std::string text(const Json& object, const char* key) { return object.at(key); }

struct Case {
  const Json& expected;
  Bars bars;
  RunResult result;
  Published published;
  [[nodiscard]] std::string date(std::uint64_t bar) const { return format_date(bars.label[bar]); }
};

Case run_case(const Json& expected, const std::filesystem::path& csv, const ParityRunner& runner) {
  Case it{expected, read_daily_csv(csv), {}, {}};
  Settings settings;
  settings.cash = expected.at("cash");
  settings.account = AccountKind::reference;
  Outcome outcome = runner({.parameters = expected.at("parameters"),
                            .bars = PaddedBars(it.bars),
                            .settings = settings,
                            .publish = [&](std::uint64_t bar, const char* name, double value) {
                              it.published[name][bar] = value;
                            }});
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
    EXPECT_EQ(it.date(trade.entry_bar), text(old, "entry_date"));
    EXPECT_EQ(it.date(*trade.exit_bar), text(old, "exit_date"));
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
      compute_metrics({it.result, bars.columns(), bars.interval(), AccountKind::reference});
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
  const TradeRecord& trade = it.result.trades.back();
  EXPECT_FALSE(trade.exit_bar.has_value());
  EXPECT_EQ(trade.entry_price, old.at("entry_price").get<double>());
  EXPECT_EQ(it.date(trade.entry_bar), text(old, "entry_date"));
}

void expect_same_refusals(const Case& it) {
  const Json& refusals = it.expected.at("rejected_orders");
  ASSERT_EQ(it.result.refusals.size(), refusals.size());
  for (std::size_t i = 0; i < refusals.size(); ++i) {
    const RefusalRecord& refusal = it.result.refusals[i];
    EXPECT_EQ(it.date(refusal.bar), text(refusals[i], "date"));
    EXPECT_EQ(it.date(it.result.orders[refusal.order_id - 1].bar),
              text(refusals[i], "signal_date"));
    EXPECT_EQ(refusal.quantity, refusals[i].at("size").get<double>());
    EXPECT_EQ(it.bars.close[it.result.orders[refusal.order_id - 1].bar],
              refusals[i].at("signal_close").get<double>());
  }
}

void expect_same_curve(const Case& it) {
  const std::vector<double>& equity = it.result.equity;
  if (it.expected.contains("equity_sha256")) {
    const ByteView bytes(reinterpret_cast<const std::uint8_t*>(equity.data()),
                         equity.size() * sizeof(double));
    EXPECT_EQ(sha256(bytes).hex(), text(it.expected, "equity_sha256"));
    return;
  }
  const Json& old = it.expected.at("equity");
  ASSERT_EQ(equity.size(), old.size());
  for (std::size_t bar = 0; bar < old.size(); ++bar)
    ASSERT_EQ(equity[bar], old[bar].get<double>()) << "at bar " << bar;
}

void expect_same_account(const Case& it) {
  const std::vector<double>& equity = it.result.equity;
  ASSERT_EQ(equity.size(), it.expected.at("bars").get<std::size_t>());
  double peak = equity.front();
  double drawdown = 0;
  double drawdown_pct = 0;
  std::size_t length = 0;
  std::size_t longest = 0;
  for (const double value : equity) {
    peak = std::max(peak, value);
    drawdown = std::max(drawdown, peak - value);
    drawdown_pct = std::max(drawdown_pct, 100 * (peak - value) / peak);
    length = value < peak ? length + 1 : 0;
    longest = std::max(longest, length);
  }
  EXPECT_EQ(drawdown, it.expected.at("max_drawdown_money").get<double>());
  EXPECT_EQ(drawdown_pct, it.expected.at("max_drawdown_pct").get<double>());
  EXPECT_EQ(longest, it.expected.at("max_drawdown_len").get<std::size_t>());
  EXPECT_EQ(equity.back(), it.expected.at("end_value").get<double>());
  EXPECT_EQ(it.result.final_cash, it.expected.at("final_cash").get<double>());
}

void expect_same_samples(const Case& it, const ParityStrategy& strategy) {
  const Json& samples = it.expected.at("indicator_samples");
  for (const auto& [indicator, values] : samples.at("values").items()) {
    const auto name = strategy.published_as.find(indicator);
    ASSERT_NE(name, strategy.published_as.end()) << indicator;
    const auto line = it.published.find(name->second);
    ASSERT_NE(line, it.published.end()) << indicator;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto bar = samples.at("bars")[i].at("index").get<std::uint64_t>();
      EXPECT_EQ(line->second.at(bar), values[i].get<double>()) << indicator << " at bar " << bar;
    }
  }
}

void expect_parity(const Json& cases, const std::filesystem::path& root,
                   const ParityStrategy& strategy) {
  for (const Json& expected : cases) {
    SCOPED_TRACE(expected.at("id").get<std::string>());
    const Case it = run_case(expected, root / expected.at("data").get<std::string>(), strategy.run);
    for (const OrderRecord& order : it.result.orders)
      EXPECT_GE(order.bar, expected.at("first_next_bar").get<std::uint64_t>());
    expect_same_trades(it);
    expect_same_counts(it);
    expect_same_open_position(it);
    expect_same_refusals(it);
    expect_same_curve(it);
    expect_same_account(it);
    if (!strategy.published_as.empty()) expect_same_samples(it, strategy);
  }
}

}  // namespace

void expect_golden_parity(const ParityStrategy& strategy, std::size_t count) {
  const std::filesystem::path golden = std::filesystem::path(RL_SOURCE_DIR) / "tests/golden";
  const Json cases = read_cases(golden / "parity" / (strategy.name + ".json"));
  ASSERT_EQ(cases.size(), count);
  expect_parity(cases, golden, strategy);
}

void expect_shared_parity(const ParityStrategy& strategy, std::size_t count) {
  const std::filesystem::path shared = shared_folder();
  if (shared.empty()) GTEST_SKIP() << "the reference data (../shared) is not beside the repository";
  const Json cases = read_cases(shared / "reference/parity" / (strategy.name + ".json"));
  ASSERT_EQ(cases.size(), count);
  expect_parity(cases, shared, strategy);
}

}  // namespace runledger::test
