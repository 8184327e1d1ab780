// Costs, margins and rates, from their options to what is told of a run.
#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>

#include <runledger/engine/result.hpp>
#include <runledger/strategy_abi.h>

#include "evidence_text.hpp"
#include "workbench.hpp"

namespace runledger::app {
namespace {

using test::Workbench;
using testing::HasSubstr;

class Costs : public Workbench {
 protected:
  Costs() {
    import(write_prices("ACME.csv", 400));
    asked_ = options("ACME");
  }
  [[nodiscard]] std::string refusal() const {
    const auto receipt = backtest(context_, asked_);
    return receipt ? "" : receipt.error().message;
  }

  RunOptions asked_;
};

TEST_F(Costs, AreRecordedAndReplayed) {
  asked_.commission = "0.001+min:1+maker:0.0005";
  asked_.slippage = "0.0005+ticks:1";
  asked_.spread = "0.0002";
  asked_.tick = "0.01";
  asked_.borrow_rate = "0.03";
  asked_.cash_rate = "0.02";
  asked_.margin_rate = "0.05";
  asked_.positions = "one";
  const RunDetail run = this->run(asked_);
  EXPECT_EQ(run.commission, "0.001+min:1+maker:0.0005");
  EXPECT_EQ(run.slippage, "0.0005+ticks:1");
  EXPECT_EQ(run.spread, 0.0002);
  EXPECT_EQ(run.tick, 0.01);
  EXPECT_EQ(run.borrow_rate, 0.03);
  EXPECT_EQ(run.cash_rate, 0.02);
  EXPECT_EQ(run.margin_rate, 0.05);
  EXPECT_EQ(run.positions, "one");
  EXPECT_GT(run.borrow_fees, 0);
  EXPECT_NE(run.interest, 0);

  ReplayOptions again;
  again.run = std::to_string(run.id.value);
  const RunDetail same = replay(again);
  EXPECT_EQ(same.result_digest, run.result_digest);
  EXPECT_EQ(same.interest, run.interest);
  EXPECT_TRUE(same.overrides.empty());

  again.overrides.slippage = "0";
  again.overrides.positions = "many";
  const RunDetail other = replay(again);
  EXPECT_EQ(other.slippage, "0");
  EXPECT_EQ(other.commission, run.commission);
  EXPECT_GT(other.pnl, run.pnl);
  std::vector<std::string> changes;
  for (const OverrideDetail& change : other.overrides) changes.push_back(override_text(change));
  EXPECT_THAT(changes,
              testing::ElementsAre("slippage 0.0005+ticks:1 -> 0", "positions one -> many"));
}

TEST_F(Costs, AMarginCallIsToldAndListedAmongTheOrders) {
  asked_.leverage = "3";
  asked_.size = "cash_pct:290";
  asked_.maintenance_margin = "0.33";
  const RunDetail run = this->run(asked_);
  ASSERT_GT(run.margin_calls, 0U);
  const auto evidence = recompute(context_, run.id, {});
  ASSERT_TRUE(evidence) << evidence.error().message;
  EXPECT_EQ(std::ranges::count(evidence->orders, "margin_call", &OrderDetail::kind),
            static_cast<std::ptrdiff_t>(run.margin_calls));
}

TEST_F(Costs, ThatMakeNoSenseAreRefusedAndNothingIsRecorded) {
  asked_.slippage = "ticks:1";
  EXPECT_THAT(refusal(), HasSubstr("slippage in ticks needs a tick size"));
  asked_.slippage.reset();
  asked_.spread = "2";
  EXPECT_THAT(refusal(), HasSubstr("the spread is 2"));
  asked_.spread = "0.1";
  asked_.account = "reference";
  EXPECT_THAT(refusal(), HasSubstr("use the standard account"));
  EXPECT_EQ(*count_runs(context_, {}), 0U);
}

OrderRecord order_of(std::uint32_t kind, double quantity) {
  OrderRecord order{};
  order.id = 1;
  order.kind = kind;
  order.quantity = quantity;
  return order;
}

TEST(OrderText, NamesThePricesOfAnOrder) {
  OrderRecord order = order_of(RL_STOP_LIMIT, 10);
  order.limit_price = 12;
  order.stop_price = 11;
  order.stop_loss = 9.5;
  EXPECT_EQ(order_size_text({&order, 1}, order), "10 units, limit 12, stop 11, stop-loss 9.5");
}

TEST(OrderText, NamesTheTrailAndWhatOnlyReduces) {
  OrderRecord order = order_of(RL_TRAILING_STOP, -10);
  order.trail = 5;
  order.flags = RL_TRAIL_PERCENT | RL_REDUCE_ONLY;
  EXPECT_EQ(order_size_text({&order, 1}, order), "-10 units, trail [%] 5, reduce-only");
}

TEST(OrderText, SaysWhatAnExitIsAttachedTo) {
  std::vector<OrderRecord> orders{order_of(RL_MARKET, 10), order_of(RL_STOP, 0)};
  orders[0].stop_loss = 9;
  orders[1].id = 2;
  orders[1].stop_price = 9;
  orders[1].role = OrderRole::stop_loss;
  orders[1].flags = RL_REDUCE_ONLY;
  EXPECT_EQ(order_size_text(orders, orders[1]), "stop-loss of order 1, stop 9");
}

}  // namespace
}  // namespace runledger::app
