// rsi_reversion against its rule, on an RSI computed over whole columns.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "naive.hpp"
#include "plugin_run.hpp"

namespace runledger::test {
namespace {

enum Side { kLong = 0, kShort = 1, kBoth = 2 };

struct Rule {
  std::size_t period;
  double lower, upper;
  Side side;
};

// The position's direction after each open, had no order ever been refused.
std::vector<int> expected_directions(const std::vector<double>& closes, const Rule& rule) {
  const naive::Column rsi = naive::rsi(closes, rule.period);
  std::vector<int> directions;
  int held = 0;
  for (std::size_t bar = 0; bar < closes.size(); ++bar) {
    directions.push_back(held);
    if (bar <= rule.period) continue;
    const bool fell = rsi[bar] < rule.lower && !(rsi[bar - 1] < rule.lower);
    const bool rose = rsi[bar] > rule.upper && !(rsi[bar - 1] > rule.upper);
    if (fell) held = rule.side == kShort ? 0 : 1;
    if (rose) held = rule.side == kLong ? 0 : -1;
  }
  return directions;
}

RunResult run_rule(const std::vector<double>& closes, const Rule& rule) {
  Settings settings;
  settings.cash = 1e6;
  settings.sizing = {SizingKind::units, 1};
  return run_plugin("rsi_reversion",
                    {{"period", static_cast<double>(rule.period)},
                     {"lower", rule.lower},
                     {"upper", rule.upper},
                     {"side", static_cast<double>(rule.side)}},
                    daily(closes), settings)
      .value();
}

RC_GTEST_PROP(RsiReversion, HoldsWhatItsRuleSays, ()) {
  const Rule rule{*rc::gen::inRange<std::size_t>(1, 6), *rc::gen::element(30.0, 50.0, 25.0),
                  *rc::gen::element(50.0, 70.0, 75.0), *rc::gen::element(kLong, kShort, kBoth)};
  // A coarse grid, for an RSI exactly on a level.
  const auto closes = *rc::gen::container<std::vector<double>>(
      rc::gen::map(rc::gen::inRange(80, 88), [](int price) { return static_cast<double>(price); }));
  if (closes.empty()) return;
  const RunResult result = run_rule(closes, rule);
  RC_ASSERT(result.refusals.empty());
  RC_ASSERT(directions_of(result) == expected_directions(closes, rule));
}

TEST(RsiReversion, AnRsiOnItsLevelHasNotCrossedIt) {
  // One rise and one equal fall give 50 on bar 2, a second fall less on bar 3.
  EXPECT_THAT(directions_of(run_rule({10, 11, 10, 9, 9}, {2, 50, 100, kLong})),
              testing::ElementsAre(0, 0, 0, 0, 1));
}

TEST(RsiReversion, PricesThatStandStillCrossNothing) {
  EXPECT_TRUE(run_rule(std::vector<double>(40, 7.0), {3, 30, 70, kBoth}).orders.empty());
}

TEST(RsiReversion, RefusesALevelThatAnRsiCannotHave) {
  EXPECT_THROW((void)run_plugin("rsi_reversion", {{"upper", 101}}, daily({1.0, 2.0})),
               std::invalid_argument);
}

}  // namespace
}  // namespace runledger::test
