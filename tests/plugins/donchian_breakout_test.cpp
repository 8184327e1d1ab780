// donchian_breakout against its rule, its ranges searched anew for each bar.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "plugin_run.hpp"

namespace runledger::test {
namespace {

enum Side { kLong = 0, kShort = 1, kBoth = 2 };

struct Rule {
  std::size_t entry, exit;
  Side side;
};

struct Breakout {
  bool up = false, down = false;
};

// Of the close of `bar` out of the range of the `length` bars before it.
Breakout breakout(const std::vector<Bar>& bars, std::size_t bar, std::size_t length) {
  if (bar < length) return {};
  Breakout out{true, true};
  for (std::size_t i = bar - length; i < bar; ++i) {
    out.up = out.up && bars[bar].close > bars[i].high;
    out.down = out.down && bars[bar].close < bars[i].low;
  }
  return out;
}

// The position's direction after each open, had no order ever been refused.
std::vector<int> expected_directions(const std::vector<Bar>& bars, const Rule& rule) {
  std::vector<int> directions;
  int held = 0;
  for (std::size_t bar = 0; bar < bars.size(); ++bar) {
    directions.push_back(held);
    const Breakout entry = breakout(bars, bar, rule.entry);
    const Breakout exit = breakout(bars, bar, rule.exit);
    if ((held == 1 && exit.down) || (held == -1 && exit.up)) held = 0;
    if (entry.up && rule.side != kShort) held = 1;
    if (entry.down && rule.side != kLong) held = -1;
  }
  return directions;
}

RunResult run_rule(const std::vector<Bar>& bars, const Rule& rule) {
  Settings settings;
  settings.cash = 1e6;
  settings.sizing = {SizingKind::units, 1};
  return run_plugin("donchian_breakout",
                    {{"entry", static_cast<double>(rule.entry)},
                     {"exit", static_cast<double>(rule.exit)},
                     {"side", static_cast<double>(rule.side)}},
                    daily(bars), settings)
      .value();
}

Bar bar_of(double high, double low, double close) {
  return {.open = close, .high = high, .low = low, .close = close, .volume = 1};
}

RC_GTEST_PROP(DonchianBreakout, HoldsWhatItsRuleSays, ()) {
  const Rule rule{*rc::gen::inRange<std::size_t>(1, 8), *rc::gen::inRange<std::size_t>(1, 6),
                  *rc::gen::element(kLong, kShort, kBoth)};
  // A coarse grid, for ties with the range.
  const auto step = rc::gen::inRange(8, 20);
  const auto grid =
      *rc::gen::container<std::vector<std::tuple<int, int, int>>>(rc::gen::tuple(step, step, step));
  if (grid.empty()) return;
  std::vector<Bar> bars;
  bars.reserve(grid.size());
  for (const auto& [a, b, close] : grid)
    bars.push_back(bar_of(std::max({a, b, close}), std::min({a, b, close}), close));
  const RunResult result = run_rule(bars, rule);
  RC_ASSERT(result.refusals.empty());
  RC_ASSERT(directions_of(result) == expected_directions(bars, rule));
}

TEST(DonchianBreakout, ATieIsNoBreakout) {
  const std::vector<Bar> bars{bar_of(10, 8, 9), bar_of(10, 9, 10), bar_of(11, 9, 11),
                              bar_of(11, 9, 9), bar_of(9, 8, 8),   bar_of(9, 8, 9)};
  // Above 10 on bar 2; on the low of the bar before on bar 3; below it on bar 4.
  EXPECT_THAT(directions_of(run_rule(bars, {2, 1, kLong})), testing::ElementsAre(0, 0, 0, 1, 1, 0));
}

TEST(DonchianBreakout, OfBothSidesTurnsWithoutWaitingForTheExit) {
  const std::vector<Bar> bars{bar_of(10, 9, 10), bar_of(11, 11, 11), bar_of(8, 8, 8),
                              bar_of(8, 8, 8)};
  EXPECT_THAT(directions_of(run_rule(bars, {1, 3, kBoth})), testing::ElementsAre(0, 0, 1, -1));
  EXPECT_THAT(directions_of(run_rule(bars, {1, 3, kLong})), testing::ElementsAre(0, 0, 1, 1));
}

TEST(DonchianBreakout, RefusesALengthOfNothing) {
  EXPECT_THROW((void)run_plugin("donchian_breakout", {{"exit", 0}}, daily({1.0, 2.0})),
               std::invalid_argument);
}

}  // namespace
}  // namespace runledger::test
