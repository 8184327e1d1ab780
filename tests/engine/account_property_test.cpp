// Random orders on random prices: against a naive account, and against what must always hold.
#include <algorithm>
#include <cmath>
#include <optional>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "support.hpp"

namespace runledger::test {
namespace {

struct Scenario {
  std::vector<OpenClose> prices;
  OrderPlan plan;
};

rl_order random_order() {
  const int pick = *rc::gen::inRange(0, 8);
  if (pick == 0) return Script::order_of(1, RL_SIZE_CLOSE);
  if (pick <= 2) return Script::order_of(pick == 1 ? 1 : -1, RL_SIZE_RUN);
  const int quarters = *rc::gen::nonZero<int>();
  return Script::order_of(std::clamp(quarters, -60, 60) * 0.25);
}

Scenario random_scenario() {
  Scenario scenario;
  const int bars = *rc::gen::inRange(2, 40);
  for (int bar = 0; bar < bars; ++bar) {
    // A coarse grid with jumps: exact ties, refused exits, debts.
    scenario.prices.push_back({*rc::gen::inRange(4, 80) * 0.25, *rc::gen::inRange(4, 80) * 0.25});
    auto& orders = scenario.plan.emplace_back();
    const int count = *rc::gen::element(0, 0, 0, 1, 1, 2, 3);
    for (int i = 0; i < count; ++i) orders.push_back(random_order());
  }
  return scenario;
}

// Section 4 and row 2.15 of core/engine/FILLS.md, as they are written down, one order after the
// other.
class NaiveReference {
 public:
  explicit NaiveReference(double start) : cash(start) {}

  void run(const Scenario& scenario) {
    std::vector<double> issued;
    double signal_close = 0;
    for (std::size_t bar = 0; bar < scenario.prices.size(); ++bar) {
      const auto [open, close] = scenario.prices[bar];
      std::vector<double> accepted;
      double running = cash;
      for (const double size : issued) {
        running -= size * signal_close;
        if (running < 0) {
          ++refused;
        } else {
          accepted.push_back(size);
        }
      }
      for (const double size : accepted) fill(size, open);
      equity.push_back(worth(close));
      issued.clear();
      for (const rl_order& order : scenario.plan[bar]) {
        const double size = size_of(order, close);
        if (size != 0) issued.push_back(size);
      }
      signal_close = close;
    }
  }

  double cash, units = 0, price = 0;
  std::size_t refused = 0, fills = 0;
  std::vector<double> equity;

 private:
  [[nodiscard]] double size_of(const rl_order& order, double close) const {
    if (order.size_mode == RL_SIZE_CLOSE) return -units;
    if (order.size_mode == RL_SIZE_UNITS) return order.quantity;
    return std::abs(cash / close * 0.95) * order.quantity;
  }

  void fill(double size, double at) {
    double rest = size;
    bool filled = false;
    if (units * size < 0) {
      const bool exactly = std::abs(units + size) <= 1e-12 * std::abs(units);
      const double closed = !exactly && std::abs(size) < std::abs(units) ? -size : units;
      cash += closed * price + closed * (at - price);
      rest = exactly ? 0 : size + closed;
      units -= closed;
      filled = true;
    }
    if (rest != 0) {
      if (rest > 0 && cash - rest * at < 0) {
        ++refused;
      } else {
        price = units == 0 ? at : (units * price + rest * at) / (units + rest);
        units += rest;
        cash -= rest * at;
        filled = true;
      }
    }
    if (filled) ++fills;
  }

  [[nodiscard]] double worth(double close) const {
    if (units == 0) return cash;
    if (units < 0) return cash + units * close;
    const double unrealised = units * (close - price);
    return cash + ((units * close - unrealised) + unrealised);
  }
};

RC_GTEST_PROP(Property, TheReferenceAccountEqualsTheNaiveOneBitForBit, ()) {
  const Scenario scenario = random_scenario();
  Settings settings;
  settings.cash = 100;
  settings.account = AccountKind::reference;
  const RunResult result = run_plan(scenario.plan, daily(scenario.prices), settings).value();
  NaiveReference naive(100);
  naive.run(scenario);
  RC_ASSERT(result.equity == naive.equity);
  RC_ASSERT(result.final_cash == naive.cash);
  RC_ASSERT(result.final_position == naive.units);
  RC_ASSERT(result.fills.size() == naive.fills);
  RC_ASSERT(result.refusals.size() == naive.refused);
}

bool near(double a, double b) {
  return std::abs(a - b) <= 1e-9 * std::max({1.0, std::abs(a), std::abs(b)});
}

// What a fill leaves, fill after fill, against what the engine says.
void check_books(const RunResult& result, const std::vector<OpenClose>& prices) {
  double cash = result.start_cash;
  double units = 0;
  std::size_t next = 0;
  for (std::size_t bar = 0; bar < result.equity.size(); ++bar) {
    for (; next < result.fills.size() && result.fills[next].bar == bar; ++next) {
      const FillRecord& fill = result.fills[next];
      RC_ASSERT(fill.fee >= 0);
      cash -= fill.quantity * fill.price + fill.fee;
      units += fill.quantity;
    }
    RC_ASSERT(near(result.equity[bar], cash + units * prices[bar].close));
    RC_ASSERT(result.equity[bar] > 0 || (result.bankrupt && bar + 1 == result.equity.size()));
  }
  RC_ASSERT(next == result.fills.size());
  RC_ASSERT(near(cash, result.final_cash));
  RC_ASSERT(near(units, result.final_position));
}

// Trades account for every unit and every cent.
void check_trades(const RunResult& result, const std::vector<OpenClose>& prices) {
  double pnl = 0;
  double open_units = 0;
  double commission = 0;
  for (const TradeRecord& trade : result.trades) {
    commission += trade.commission;
    if (trade.exit_bar) {
      RC_ASSERT(*trade.exit_bar >= trade.entry_bar);
      pnl += trade.pnl;
      continue;
    }
    open_units += trade.size;
    const double close = prices[result.equity.size() - 1].close;
    pnl += trade.size * (close - trade.entry_price) - trade.commission;
  }
  double fees = 0;
  for (const FillRecord& fill : result.fills) fees += fill.fee;
  RC_ASSERT(near(open_units, result.final_position));
  RC_ASSERT(near(commission, fees));
  RC_ASSERT(near(pnl, result.equity.back() - result.start_cash));
  RC_ASSERT(std::ranges::is_sorted(result.trades, {}, &TradeRecord::entry_bar));
}

Settings random_settings() {
  Settings settings;
  settings.cash = 100;
  settings.leverage = *rc::gen::element(1.0, 1.0, 2.0);
  settings.lot_size = *rc::gen::element(0.0, 0.0, 1.0, 0.1);
  settings.costs.commission_rate = *rc::gen::element(0.0, 0.001, 0.05);
  settings.costs.commission_fixed = *rc::gen::element(0.0, 0.5);
  settings.costs.commission_per_unit = *rc::gen::element(0.0, 0.01);
  settings.sizing =
      *rc::gen::element(Sizing{SizingKind::cash_pct, 95}, Sizing{SizingKind::equity_pct, 100},
                        Sizing{SizingKind::units, 3}, Sizing{SizingKind::value, 40});
  return settings;
}

RC_GTEST_PROP(Property, TheStandardAccountLosesNoCentAndNoUnit, ()) {
  const Scenario scenario = random_scenario();
  const RunResult result =
      run_plan(scenario.plan, daily(scenario.prices), random_settings()).value();
  check_books(result, scenario.prices);
  check_trades(result, scenario.prices);
}

RC_GTEST_PROP(Property, WithoutLeverageAPurchaseNeverBorrows, ()) {
  const Scenario scenario = random_scenario();
  Settings settings = random_settings();
  settings.leverage = 1;
  const RunResult result = run_plan(scenario.plan, daily(scenario.prices), settings).value();
  double cash = result.start_cash;
  double units = 0;
  for (const FillRecord& fill : result.fills) {
    cash -= fill.quantity * fill.price + fill.fee;
    units += fill.quantity;
    if (fill.quantity > 0 && units > 1e-9) RC_ASSERT(cash >= -1e-9);
  }
}

RC_GTEST_PROP(Property, EveryResultReadsBackFromItsBytes, ()) {
  const Scenario scenario = random_scenario();
  const RunResult result =
      run_plan(scenario.plan, daily(scenario.prices), random_settings()).value();
  const Bytes bytes = encode_result(result);
  RC_ASSERT(encode_result(decode_result(bytes).value()) == bytes);
  RC_ASSERT(result_digest(result) == sha256(bytes));
}

}  // namespace
}  // namespace runledger::test
