// C++ strategies through the tables that the SDK makes of them, in the real engine.
#include <cmath>
#include <limits>
#include <new>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <runledger/host/check.hpp>
#include <runledger/host/plugin.hpp>
#include <runledger/strategy.hpp>

#include "support.hpp"

namespace runledger::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<rl_value> defaults_of(const rl_strategy& strategy) {
  std::vector<rl_value> values;
  for (std::size_t i = 0; i < strategy.param_count; ++i)
    values.push_back(strategy.params[i]->default_value);
  return values;
}

Outcome run_with(const rl_strategy& strategy, const std::vector<rl_value>& values,
                 const std::vector<double>& prices,
                 const std::function<void(RunInputs&)>& adjust = {}) {
  Script unused;
  return run(unused, daily(prices), {}, [&](RunInputs& inputs) {
    inputs.strategy = &strategy;
    inputs.values = values;
    if (adjust) adjust(inputs);
  });
}

// Runs strategy S, which has no parameters.
template <class S>
Outcome run_plain(const std::vector<double>& prices) {
  static const rl_strategy* const strategy =
      Describe<S>("com.example.plain", "1.0.0", "A test.").release();
  return run_with(*strategy, {}, prices);
}

// ---- The example of the documentation

TEST(Example, LoadsWithTheTablesThatItDescribes) {
  const LoadedPlugin loaded = load_plugin(EXAMPLE);
  ASSERT_THAT(loaded.refusals, IsEmpty());
  const rl_strategy* strategy = find_strategy(*loaded.plugin, "sma_cross");
  ASSERT_NE(strategy, nullptr);
  EXPECT_STREQ(strategy->id, "com.example.sma_cross");
  EXPECT_STREQ(strategy->version, "1.0.0");
  ASSERT_EQ(strategy->param_count, 2u);
  const rl_param& slow = *strategy->params[1];
  EXPECT_STREQ(slow.name, "slow");
  EXPECT_STREQ(slow.unit, "bars");
  EXPECT_EQ(slow.type, static_cast<std::uint32_t>(RL_INT));
  EXPECT_EQ(slow.default_value.as.i, 30);
  EXPECT_EQ(slow.min.as.i, 3);
  EXPECT_EQ(slow.max.as.i, 500);
}

TEST(Example, RunsAndRefusesParametersThatContradict) {
  const LoadedPlugin loaded = load_plugin(EXAMPLE);
  const rl_strategy& strategy = *find_strategy(*loaded.plugin, "sma_cross");
  std::vector<double> prices;
  for (int i = 0; i < 40; ++i) prices.push_back(i < 35 ? 100 + i : 10);
  auto values = defaults_of(strategy);
  const RunResult result = run_with(strategy, values, prices).value();
  ASSERT_EQ(result.fills.size(), 2u);
  EXPECT_EQ(result.orders[0].reason, "fast above slow");
  values[0].as.i = 50;
  const Outcome refused = run_with(strategy, values, prices);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, RunFault::Kind::refused_to_start);
  EXPECT_EQ(refused.error().message, "fast must be smaller than slow");
}

// ---- Parameters

enum class Mode : std::uint8_t { calm, bold };

struct EveryType {
  int offset = -3;
  std::uint64_t length = 20;
  double factor = 1.5;
  float ratio = 0.25f;
  bool strict = true;
  Mode mode = Mode::bold;
  std::string source = "close";

  void on_start();
  void on_bar(const Step& /*step*/) {}
};

EveryType started;  // the last one

void EveryType::on_start() { started = *this; }

const rl_strategy& every_type() {
  static const rl_strategy* const strategy =
      Describe<EveryType>("com.example.every_type", "1.0.0", "A test.")
          .title("Every type")
          .param("offset", &EveryType::offset, -10, 10, "An offset.")
          .param("length", &EveryType::length, 1, 1'000, "A length.", "bars")
          .sweep(5, 50, 5)
          .param("factor", &EveryType::factor, 0, 8, "A factor.")
          .sweep(0.5, 2.0, 0.25)
          .param("ratio", &EveryType::ratio, 0, 1, "A ratio.")
          .param("strict", &EveryType::strict, "Whether.")
          .choice("mode", &EveryType::mode, {"calm", "bold"}, "How.")
          .choice("source", &EveryType::source, {"open", "close"}, "Of what.")
          .release();
  return *strategy;
}

TEST(Parameters, TakeTypeAndDefaultFromTheMember) {
  const rl_strategy& strategy = every_type();
  std::vector<std::uint32_t> types;
  for (std::size_t i = 0; i < strategy.param_count; ++i) types.push_back(strategy.params[i]->type);
  EXPECT_THAT(types, ElementsAre(RL_INT, RL_INT, RL_REAL, RL_REAL, RL_BOOL, RL_CHOICE, RL_CHOICE));
  EXPECT_EQ(strategy.params[0]->default_value.as.i, -3);
  EXPECT_EQ(strategy.params[3]->default_value.as.f, 0.25);
  EXPECT_EQ(strategy.params[4]->default_value.as.i, 1);
  EXPECT_EQ(strategy.params[5]->default_value.as.i, 1);
  EXPECT_EQ(strategy.params[6]->default_value.as.i, 1);
  EXPECT_STREQ(strategy.params[6]->choices[0], "open");
  EXPECT_EQ(strategy.params[6]->choices[2], nullptr);
  EXPECT_EQ(strategy.params[1]->sweep_step.as.i, 5);
  EXPECT_EQ(strategy.params[2]->sweep_max.as.f, 2.0);
  EXPECT_EQ(strategy.params[0]->sweep_step.as.i, 0);
  EXPECT_STREQ(strategy.title, "Every type");
  EXPECT_STREQ(strategy.name, "every_type");
}

TEST(Parameters, ReachTheMembersBeforeOnStart) {
  auto values = defaults_of(every_type());
  values[0].as.i = 7;
  values[1].as.i = 99;
  values[2].as.f = 2.5;
  values[3].as.f = 0.5;
  values[4].as.i = 0;
  values[5].as.i = 0;
  values[6].as.i = 0;
  ASSERT_TRUE(run_with(every_type(), values, {1, 2}).has_value());
  EXPECT_EQ(started.offset, 7);
  EXPECT_EQ(started.length, 99u);
  EXPECT_EQ(started.factor, 2.5);
  EXPECT_EQ(started.ratio, 0.5f);
  EXPECT_FALSE(started.strict);
  EXPECT_EQ(started.mode, Mode::calm);
  EXPECT_EQ(started.source, "open");
}

struct First {
  void on_bar(const Step& /*step*/) {}
};
struct Second {
  std::string source = "volume";
  void on_bar(const Step& /*step*/) {}
};

TEST(Describe, MakesTablesThatTheHostAccepts) {
  static const rl_plugin* const plugin =
      sdk::make_plugin(nullptr, Describe<First>("com.example.first", "1.0.0", "A test."));
  EXPECT_THAT(check_plugin(plugin).refusals, IsEmpty());
}

TEST(Describe, LeavesADefaultThatIsNoChoiceToTheHost) {
  static const rl_plugin* const plugin = sdk::make_plugin(
      nullptr, Describe<Second>("com.example.second", "1.0.0", "A test.")
                   .choice("source", &Second::source, {"open", "close"}, "Of what."));
  EXPECT_THAT(check_plugin(plugin).refusals, ElementsAre(HasSubstr("is 2, outside 0..1")));
}

struct Twice {
  unsigned length = 1;
  void on_bar(const Step& /*step*/) {}
};

TEST(Describe, RefusesASecondStrategyOfOneType) {
  Describe<Twice>("com.example.once", "1.0.0", "A test.").release();
  Describe<Twice> again("com.example.twice", "1.0.0", "A test.");
  EXPECT_THROW(again.release(), std::logic_error);
  EXPECT_THROW(Describe<Twice>("com.example.x", "1.0.0", "A test.").sweep(1, 2, 1),
               std::logic_error);
}

// ---- Exceptions

template <int Kind>
struct Throws {
  void on_bar(const Step& /*step*/) {
    if (Kind == 0) throw std::runtime_error("boom");
    if (Kind == 1) throw std::bad_alloc();
    throw 42;  // NOLINT(hicpp-exception-baseclass)
  }
};

TEST(Exceptions, EndTheRunWithTheirText) {
  EXPECT_EQ(run_plain<Throws<0>>({1, 2}).error().message, "boom");
  EXPECT_EQ(run_plain<Throws<1>>({1, 2}).error().message, "memory ran out");
  EXPECT_THAT(run_plain<Throws<2>>({1, 2}).error().message, HasSubstr("no std::exception"));
}

// ---- Orders

struct EverySize {
  void on_bar(const Step& step) {
    if (step.bars().size() > 1) return;
    step.buy(1);
    step.sell(2);
    step.order(-3, "why");
    step.target(4);
    step.target_value(5);
    step.target_equity_pct(6);
    step.market(Size::value(7));
    step.market(Size::equity_pct(8));
    step.market(Size::cash_pct(9));
    step.enter_short();
    step.Orders::close();
  }
};

TEST(Orders, SizeAsTheirNamesSay) {
  const RunResult result = run_plain<EverySize>({1, 1}).value();
  std::vector<std::pair<std::uint32_t, double>> sizes;
  for (const OrderRecord& order : result.orders)
    sizes.emplace_back(order.size_mode, order.quantity);
  EXPECT_THAT(sizes,
              ElementsAre(std::pair(RL_SIZE_UNITS, 1.0), std::pair(RL_SIZE_UNITS, -2.0),
                          std::pair(RL_SIZE_UNITS, -3.0), std::pair(RL_SIZE_TARGET_UNITS, 4.0),
                          std::pair(RL_SIZE_TARGET_VALUE, 5.0),
                          std::pair(RL_SIZE_TARGET_EQUITY_PCT, 6.0), std::pair(RL_SIZE_VALUE, 7.0),
                          std::pair(RL_SIZE_EQUITY_PCT, 8.0), std::pair(RL_SIZE_CASH_PCT, 9.0),
                          std::pair(RL_SIZE_RUN, -1.0), std::pair(RL_SIZE_CLOSE, 1.0)));
  EXPECT_EQ(result.orders[2].reason, "why");
}

TEST(Orders, OfEveryKindFillTheContractsFields) {
  const rl_order stop_limit = Order::stop_limit(Size::units(-1), {.stop = 9, .limit = 8}).abi();
  EXPECT_EQ(stop_limit.kind, static_cast<std::uint32_t>(RL_STOP_LIMIT));
  EXPECT_EQ(stop_limit.stop_price, 9);
  EXPECT_EQ(stop_limit.limit_price, 8);
  const rl_order trailing =
      Order::trailing_stop_percent(Size::close(), 5).for_bars(3).reduce_only().abi();
  EXPECT_EQ(trailing.trail, 5);
  EXPECT_EQ(trailing.flags, RL_TRAIL_PERCENT | RL_REDUCE_ONLY);
  EXPECT_EQ(trailing.time_in_force, static_cast<std::uint32_t>(RL_BARS));
  EXPECT_EQ(trailing.expire_bars, 3u);
  const rl_order bracket =
      Order::limit(Size::units(1), 10).for_the_day().stop_loss(9).take_profit(12).abi();
  EXPECT_EQ(bracket.limit_price, 10);
  EXPECT_EQ(bracket.stop_loss, 9);
  EXPECT_EQ(bracket.take_profit, 12);
  EXPECT_EQ(Order::stop(Size::units(1), 11).abi().stop_price, 11);
  EXPECT_EQ(Order::market_on_close(Size::close()).abi().kind,
            static_cast<std::uint32_t>(RL_MARKET_ON_CLOSE));
}

struct AsksForMore {
  static inline Placed placed{};
  // A size of a later version.
  void on_bar(const Step& step) { placed = step.submit(Order::limit(Size{77, 1}, 1)); }
};

TEST(Orders, OfASizeThatIsNotServedAreSeenToBeRejected) {
  const RunResult result = run_plain<AsksForMore>({1, 1}).value();
  EXPECT_FALSE(AsksForMore::placed);
  EXPECT_EQ(AsksForMore::placed.id, 0u);
  EXPECT_EQ(result.refusals.at(0).code, RefusalCode::not_supported);
}

// Brackets, of which one is taken apart again, and all that is left is cancelled at last.
struct Brackets {
  static inline std::vector<Placed> placed{};
  static inline std::vector<std::uint64_t> filled{};
  static inline std::vector<bool> answers{};
  void on_bar(const Step& step) {
    const std::size_t bar = step.bars().size();
    if (bar == 1) {
      placed.push_back(
          step.submit(Order::market(Size::units(2)).stop_loss(9).take_profit(12).because("both")));
      placed.push_back(step.submit(Order::limit(Size::units(1), 8).take_profit(12)));
      placed.push_back(step.submit(Order::stop(Size::units(1), 20).for_bars(5)));
      placed.push_back(step.submit(Order::market_on_close(Size::units(1)).for_the_day()));
    }
    if (bar == 2) {
      answers.push_back(step.cancel(placed[0].stop_loss_id));
      answers.push_back(step.cancel(placed[0].stop_loss_id));
    }
    if (bar == 3) step.cancel_all();
  }
  void on_fill(const Fill& fill) { filled.push_back(fill.order_id); }
};

TEST(Orders, WithExitsSayTheIdsOfThose) {
  const RunResult result = run_plain<Brackets>({10, 10, 12, 20}).value();
  EXPECT_EQ(Brackets::placed[0].id, 1u);
  EXPECT_EQ(Brackets::placed[0].stop_loss_id, 2u);
  EXPECT_EQ(Brackets::placed[0].take_profit_id, 3u);
  EXPECT_EQ(Brackets::placed[1].id, 4u);
  EXPECT_EQ(Brackets::placed[1].stop_loss_id, 0u);
  EXPECT_EQ(Brackets::placed[1].take_profit_id, 5u);
  EXPECT_EQ(Brackets::placed[2].id, 6u);
  EXPECT_THAT(Brackets::answers, ElementsAre(true, false));
  EXPECT_THAT(Brackets::filled, ElementsAre(1, 7, 3));
  EXPECT_EQ(result.orders[3].outcome, OrderOutcome::cancelled);
  EXPECT_EQ(result.orders[4].outcome, OrderOutcome::cancelled_by_engine);
  EXPECT_EQ(result.orders[5].outcome, OrderOutcome::cancelled);
}

struct AsksForNothing {
  void on_bar(const Step& step) { step.buy(std::numeric_limits<double>::quiet_NaN()); }
};

TEST(Orders, ThatBreakTheContractEndTheRun) {
  const Outcome outcome = run_plain<AsksForNothing>({1, 1});
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().kind, RunFault::Kind::broke_contract);
  EXPECT_THAT(outcome.error().message, HasSubstr("not a finite number"));
}

template <bool kBuys>
struct NegativeSize {
  void on_bar(const Step& step) {
    if (step.bars().size() < 2) return;
    kBuys ? step.buy(-5) : step.sell(-5);
  }
};

TEST(Orders, ToBuyOrSellLessThanNothingEndTheRunWhereTheyAreMade) {
  for (const Outcome& outcome :
       {run_plain<NegativeSize<true>>({1, 1, 1}), run_plain<NegativeSize<false>>({1, 1, 1})}) {
    ASSERT_FALSE(outcome.has_value());
    EXPECT_EQ(outcome.error().kind, RunFault::Kind::reported);
    EXPECT_EQ(outcome.error().bar, 1u);
    EXPECT_THAT(outcome.error().message, HasSubstr("takes no negative size"));
  }
}

// Goes long, again, short, and flat twice.
struct Turns {
  void on_bar(const Step& step) {
    const std::size_t bar = step.bars().size();
    if (bar <= 2) step.enter_long("up");
    if (bar == 3) step.enter_short("down");
    if (bar >= 4) step.close("out");
  }
};

TEST(Step, EntersOnceTurnsByClosingAndClosesOnlyWhatIsOpen) {
  static const rl_strategy* const turns =
      Describe<Turns>("com.example.turns", "1.0.0", "A test.").release();
  const RunResult result = run_with(*turns, {}, {10, 10, 10, 10, 10, 10}, [](RunInputs& inputs) {
                             inputs.settings.sizing = {SizingKind::units, 2};
                           }).value();
  std::vector<double> fills;
  for (const FillRecord& fill : result.fills) fills.push_back(fill.quantity);
  EXPECT_THAT(fills, ElementsAre(2, -2, -2, 2));
  EXPECT_EQ(result.orders.size(), 4u);
}

// ---- What is heard and seen

struct Listens {
  static inline std::vector<std::string> heard{};
  void on_bar(const Step& step) {
    if (step.bars().size() == 1) step.buy(5);
    if (step.bars().size() == 2) {
      heard.push_back("holds " + std::to_string(step.position()) + " at " +
                      std::to_string(step.average_price()) + ", waiting " +
                      std::to_string(step.open_orders().size()));
      step.buy(1e9);
    }
    step.log("bar");
  }
  void on_fill(const Fill& fill, const Orders& orders) {
    heard.push_back("filled " + std::to_string(fill.order_id));
    if (fill.quantity > 0) orders.sell(1, "take some off");
  }
  void on_refusal(const Refusal& refusal) { heard.emplace_back(refusal.reason); }
  void on_end(const Step& step) { heard.push_back("end at " + std::to_string(step.bars().size())); }
};

TEST(Step, HearsFillsRefusalsAndTheEnd) {
  const RunResult result = run_plain<Listens>({10, 10, 10}).value();
  EXPECT_THAT(Listens::heard, ElementsAre("filled 1", "holds 5.000000 at 10.000000, waiting 1",
                                          "filled 2", HasSubstr("is more than cash"), "end at 3"));
  EXPECT_EQ(result.log.size(), 3u);
}

struct Publishes {
  static inline bool asked = false;
  void on_bar(const Step& step) {
    asked = step.publishing();
    step.publish("close", step.bars().close.back());
  }
};

TEST(Step, PublishesOnlyWhereSomebodyAsks) {
  static const rl_strategy* const strategy =
      Describe<Publishes>("com.example.publishes", "1.0.0", "A test.").release();
  ASSERT_TRUE(run_with(*strategy, {}, {1, 2}).has_value());
  EXPECT_FALSE(Publishes::asked);
  double sum = 0;
  ASSERT_TRUE(run_with(*strategy, {}, {1, 2}, [&](RunInputs& inputs) {
                inputs.publish = [&](std::uint64_t /*bar*/, const char* /*name*/, double value) {
                  sum += value;
                };
              }).has_value());
  EXPECT_TRUE(Publishes::asked);
  EXPECT_EQ(sum, 3);
}

}  // namespace
}  // namespace runledger::test
