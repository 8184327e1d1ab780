// sma_cross against its rule, evaluated anew for each bar from sums in 128 bits.
#include <cmath>
#include <numeric>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "plugin_run.hpp"

namespace runledger::test {
namespace {

__extension__ using Wide = __float128;

enum Side { kLong = 0, kShort = 1, kBoth = 2 };

struct Rule {
  std::size_t fast, slow;
  Side side;
};

// Whether the fast mean lies above (1), on (0) or below (-1) the slow one; nothing before both are.
std::optional<int> lead(const std::vector<double>& closes, std::size_t bar, const Rule& rule) {
  if (bar + 1 < rule.slow) return std::nullopt;
  const auto mean = [&](std::size_t length) {
    Wide sum = 0;
    for (std::size_t i = bar + 1 - length; i <= bar; ++i) sum += static_cast<Wide>(closes[i]);
    return static_cast<double>(sum) / static_cast<double>(length);
  };
  const double fast = mean(rule.fast);
  const double slow = mean(rule.slow);
  return fast > slow ? 1 : fast < slow ? -1 : 0;
}

// The position's direction after each open, had no order ever been refused.
std::vector<int> expected_directions(const std::vector<double>& closes, const Rule& rule) {
  std::vector<int> directions;
  int held = 0;
  int wanted = 0;
  for (std::size_t bar = 0; bar < closes.size(); ++bar) {
    held = wanted;
    directions.push_back(held);
    const auto now = lead(closes, bar, rule);
    const auto before = bar == 0 ? std::nullopt : lead(closes, bar - 1, rule);
    if (!now || !before) continue;
    if (*now == 1 && *before != 1) wanted = rule.side == kShort ? 0 : 1;
    if (*now == -1 && *before != -1) wanted = rule.side == kLong ? 0 : -1;
  }
  return directions;
}

RunResult run_rule(const std::vector<double>& closes, const Rule& rule) {
  Settings settings;
  settings.cash = 1e6;
  settings.sizing = {SizingKind::units, 1};
  return run_plugin("sma_cross",
                    {{"fast", static_cast<double>(rule.fast)},
                     {"slow", static_cast<double>(rule.slow)},
                     {"side", static_cast<double>(rule.side)}},
                    daily(closes), settings)
      .value();
}

RC_GTEST_PROP(SmaCross, HoldsWhatItsRuleSays, ()) {
  const Rule rule{*rc::gen::inRange<std::size_t>(1, 4), *rc::gen::inRange<std::size_t>(4, 8),
                  *rc::gen::element(kLong, kShort, kBoth)};
  // A coarse grid, for ties of the means.
  const auto closes = *rc::gen::container<std::vector<double>>(
      rc::gen::map(rc::gen::inRange(8, 16), [](int eighths) { return eighths / 8.0; }));
  if (closes.empty()) return;
  const RunResult result = run_rule(closes, rule);
  RC_ASSERT(result.refusals.empty());
  RC_ASSERT(directions_of(result) == expected_directions(closes, rule));
}

TEST(SmaCross, ATieChangesNothing) {
  // Means of 1 and 2 closes: above on bar 1, a tie on bar 2, above again on bar 3.
  const RunResult result = run_rule({1, 1, 2, 2, 3, 3, 1}, {1, 2, kBoth});
  EXPECT_THAT(directions_of(result), testing::ElementsAre(0, 0, 0, 1, 1, 1, 1));
  EXPECT_EQ(result.fills.size(), 1u);
}

TEST(SmaCross, RefusesAFastMeanThatIsNotFaster) {
  const Outcome outcome = run_plugin("sma_cross", {{"fast", 30}, {"slow", 30}}, daily({1, 2}));
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().kind, RunFault::Kind::refused_to_start);
  EXPECT_EQ(outcome.error().message, "fast must be smaller than slow");
}

TEST(SmaCross, RefusesALengthOfNothing) {
  EXPECT_THROW((void)run_plugin("sma_cross", {{"fast", 0}}, daily({1, 2})), std::invalid_argument);
}

}  // namespace
}  // namespace runledger::test
