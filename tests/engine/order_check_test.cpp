// Rows 7.1 to 7.3 of core/engine/FILLS.md: orders that are understood and not served, those that
// say something that is not known here, and those that the contract does not allow.
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support.hpp"

namespace runledger::test {
namespace {

using testing::HasSubstr;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Submits one order on the first bar; the script ignores the answer and goes on.
Outcome submit_one(const rl_order& order, Script& script) {
  script.on_bar = [&](Script& self, const rl_step& step) -> rl_status {
    if (step.series[0].count == 1) self.submit(order);
    return RL_OK;
  };
  return run(script, daily({10, 10, 10}));
}

void expect_invalid(const rl_order& order, const char* message, std::uint32_t flags = 0) {
  Script script;
  script.flags = flags;
  const Outcome outcome = submit_one(order, script);
  EXPECT_EQ(script.submitted, RL_INVALID);
  EXPECT_EQ(script.last_id, 0u);
  ASSERT_FALSE(outcome.has_value()) << message;
  EXPECT_EQ(outcome.error().kind, RunFault::Kind::broke_contract);
  EXPECT_THAT(outcome.error().message, HasSubstr(message));
  EXPECT_EQ(script.destroyed, 1);
}

void expect_rejected(const rl_order& order, const char* message) {
  Script script;
  const Outcome outcome = submit_one(order, script);
  EXPECT_EQ(script.submitted, RL_REJECTED);
  EXPECT_EQ(script.last_id, 0u);
  ASSERT_TRUE(outcome.has_value());
  ASSERT_EQ(outcome->refusals.size(), 1u);
  EXPECT_EQ(outcome->refusals[0].code, RefusalCode::not_supported);
  EXPECT_EQ(outcome->refusals[0].bar, 0u);
  EXPECT_THAT(outcome->refusals[0].reason, HasSubstr(message));
  ASSERT_EQ(outcome->log.size(), 1u);
  EXPECT_EQ(outcome->log[0].text, outcome->refusals[0].reason);
  EXPECT_THAT(script.calls, testing::Not(testing::Contains(HasSubstr("on_refusal"))));
}

template <class Change>
rl_order changed(Change&& change) {
  rl_order order = Script::order_of(1);
  change(order);
  return order;
}

TEST(OrderCheck, Row7_1APercentTrailOfAnotherKindIsRejected) {
  expect_rejected(changed([](rl_order& o) { o.flags = RL_TRAIL_PERCENT; }), "0x2");
  expect_rejected(changed([](rl_order& o) {
                    o.kind = RL_LIMIT;
                    o.limit_price = 9;
                    o.flags = RL_TRAIL_PERCENT | RL_REDUCE_ONLY;
                  }),
                  "a limit order has the flags 0x3");
}

// A plugin of a later version may ask for what this engine has never heard of, and fall back.
TEST(OrderCheck, Row7_2WhatIsNotKnownHereIsRejected) {
  expect_rejected(changed([](rl_order& o) { o.kind = 0; }), "the kind 0");
  expect_rejected(changed([](rl_order& o) { o.kind = 7; }), "the kind 7");
  expect_rejected(changed([](rl_order& o) { o.size_mode = 9; }), "the size mode 9");
  expect_rejected(changed([](rl_order& o) { o.time_in_force = 3; }), "the validity 3");
  expect_rejected(changed([](rl_order& o) { o.flags = 64; }), "0x40");
  expect_rejected(changed([](rl_order& o) { o.flags = RL_REDUCE_ONLY | 4u; }), "0x5");
  expect_rejected(changed([](rl_order& o) { o.reserved = 1; }), "a field that is not known");
}

// What version 1.0 would call broken may be right beside what it does not know.
TEST(OrderCheck, Row7_2WhatIsNotKnownIsJudgedBeforeWhatIsBroken) {
  const auto spoil = [](rl_order& o) {
    o.series = 1;
    o.quantity = 0;
    o.limit_price = kInfinity;
    o.stop_price = 9;
    o.expire_bars = 9;
  };
  const auto both = [&](auto&& unknown) {
    return changed([&](rl_order& o) {
      spoil(o);
      unknown(o);
    });
  };
  expect_rejected(both([](rl_order& o) { o.kind = 7; }), "the kind 7");
  expect_rejected(both([](rl_order& o) { o.size_mode = 9; }), "the size mode 9");
  expect_rejected(both([](rl_order& o) { o.time_in_force = 3; }), "the validity 3");
  expect_rejected(both([](rl_order& o) { o.flags = 64; }), "0x40");
  expect_rejected(both([](rl_order& o) { o.reserved = 1; }), "a field that is not known");
  expect_invalid(changed(spoil), "series 1");
}

TEST(OrderCheck, AStrategyMayFallBackFromASizeModeThatIsNotKnown) {
  Script script;
  script.on_bar = [](Script& self, const rl_step& step) -> rl_status {
    if (step.series[0].count > 1) return RL_OK;
    if (self.submit(Script::order_of(0, 9)) == RL_REJECTED) self.buy(1);
    return RL_OK;
  };
  const Outcome outcome = run(script, daily({10, 10, 10}));
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(outcome->final_position, 1);
  EXPECT_EQ(encode_result(decode_result(encode_result(*outcome)).value()), encode_result(*outcome));
}

TEST(OrderCheck, Row7_1TheReasonIsLoggedOnce) {
  Script script;
  script.on_bar = [](Script& self, const rl_step&) -> rl_status {
    self.submit(changed([](rl_order& o) { o.flags = RL_TRAIL_PERCENT; }));
    return RL_OK;
  };
  const Outcome outcome = run(script, daily({10, 10, 10}));
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(outcome->refusals.size(), 3u);
  EXPECT_EQ(outcome->log.size(), 1u);
}

// What a plugin built against a later header may hand over.
struct LargerOrder {
  rl_order known;
  std::uint64_t later_field;
};

rl_status submit_larger(std::uint64_t later_field, double quantity = 1) {
  LargerOrder larger{Script::order_of(quantity), later_field};
  larger.known.struct_size = sizeof larger;
  Script script;
  script.on_bar = [&](Script& self, const rl_step&) -> rl_status {
    self.submit(larger.known);
    return RL_OK;
  };
  EXPECT_TRUE(run(script, daily({10, 10})).has_value());
  return script.submitted;
}

TEST(OrderCheck, AFieldOfALaterHeaderIsRejectedUnlessItIsZero) {
  EXPECT_EQ(submit_larger(0), RL_OK);
  EXPECT_EQ(submit_larger(1), RL_REJECTED);
  EXPECT_EQ(submit_larger(1, 0), RL_REJECTED);
}

TEST(OrderCheck, Row7_3BrokenFieldsEndTheRun) {
  expect_invalid(changed([](rl_order& o) { o.struct_size = 8; }), "struct_size");
  expect_invalid(changed([](rl_order& o) { o.struct_size = 1u << 31; }), "struct_size");
  expect_invalid(changed([](rl_order& o) { o.series = 1; }), "series 1");
  expect_invalid(changed([](rl_order& o) { o.limit_price = 9; }), "market order carries");
  expect_invalid(changed([](rl_order& o) { o.expire_bars = 9; }), "expire_bars");
  expect_invalid(changed([](rl_order& o) { o.time_in_force = RL_BARS; }), "for some bars");
}

TEST(OrderCheck, Row7_3AnOrderHasThePricesOfItsKindAndNoOther) {
  const auto of_kind = [](std::uint32_t kind, double limit, double stop, double trail) {
    return changed([&](rl_order& o) {
      o.kind = kind;
      o.limit_price = limit;
      o.stop_price = stop;
      o.trail = trail;
    });
  };
  expect_invalid(of_kind(RL_LIMIT, 0, 0, 0), "a limit order has no limit price");
  expect_invalid(of_kind(RL_LIMIT, 9, 9, 0), "a limit order carries a stop price");
  expect_invalid(of_kind(RL_STOP, 0, 0, 0), "a stop order has no stop price");
  expect_invalid(of_kind(RL_STOP, 9, 9, 0), "a stop order carries a limit price");
  expect_invalid(of_kind(RL_STOP_LIMIT, 0, 9, 0), "a stop-limit order has no limit price");
  expect_invalid(of_kind(RL_STOP_LIMIT, 9, 0, 0), "a stop-limit order has no stop price");
  expect_invalid(of_kind(RL_TRAILING_STOP, 0, 0, 0), "a trailing stop order has no trail");
  expect_invalid(of_kind(RL_TRAILING_STOP, 0, 9, 1), "carries a stop price");
  expect_invalid(of_kind(RL_TRAILING_STOP, 0, 0, -1), "trails by -1");
  expect_invalid(of_kind(RL_MARKET_ON_CLOSE, 9, 0, 0), "a market-on-close order carries");
  Script script;
  EXPECT_TRUE(submit_one(of_kind(RL_STOP_LIMIT, 9, 11, 0), script).has_value());
  EXPECT_EQ(script.submitted, RL_OK);
}

TEST(OrderCheck, Row7_3NumbersThatAreNotFiniteEndTheRun) {
  expect_invalid(changed([](rl_order& o) { o.quantity = kNaN; }), "nan");
  expect_invalid(changed([](rl_order& o) { o.quantity = -kInfinity; }), "-inf");
  expect_invalid(changed([](rl_order& o) { o.stop_loss = kNaN; }), "not a finite number");
  expect_invalid(changed([](rl_order& o) {
                   o.kind = RL_LIMIT;
                   o.limit_price = kInfinity;
                 }),
                 "inf");
}

TEST(OrderCheck, Row7_3QuantitiesThatMeanNothingEndTheRun) {
  expect_invalid(changed([](rl_order& o) { o.quantity = 0; }), "quantity zero");
  expect_invalid(changed([](rl_order& o) {
                   o.size_mode = RL_SIZE_RUN;
                   o.quantity = 2;
                 }),
                 "not 1 or -1");
  expect_invalid(changed([](rl_order& o) { o.size_mode = RL_SIZE_RUN; }), "sizes its own orders",
                 RL_SIZES_ORDERS);
}

TEST(OrderCheck, NullPointersEndTheRun) {
  Script script;
  script.on_bar = [](Script& self, const rl_step&) -> rl_status {
    std::uint64_t id = 0;
    EXPECT_EQ(self.host->submit(self.host, nullptr, &id), RL_INVALID);
    return RL_OK;
  };
  EXPECT_FALSE(run(script, daily(std::vector<double>{10})).has_value());
}

TEST(OrderCheck, ReasonsAreCutAndCleaned) {
  Script script;
  const std::string reason(200, 'x');
  rl_order order = Script::order_of(1);
  order.reason = reason.c_str();
  EXPECT_EQ(submit_one(order, script)->orders[0].reason, std::string(120, 'x'));
  order.reason = nullptr;
  EXPECT_EQ(submit_one(order, script)->orders[0].reason, "");
  order.reason =
      "a\x01"
      "b\xf0\x9f";
  EXPECT_EQ(submit_one(order, script)->orders[0].reason, "a b??");
}

}  // namespace
}  // namespace runledger::test
