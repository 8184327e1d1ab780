// Rules that no recorded case of the old system tells apart: ties with a level, first bars, and
// exits that were refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugin_run.hpp"

namespace runledger::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The bars on whose close it ordered.
std::vector<std::uint64_t> bars_of_orders(const std::string& strategy, const Parameters& parameters,
                                          const PaddedBars& bars) {
  Settings settings;
  settings.account = AccountKind::reference;
  const RunResult result = run_plugin(strategy, parameters, bars, settings).value();
  std::vector<std::uint64_t> ordered;
  ordered.reserve(result.orders.size());
  for (const OrderRecord& order : result.orders) ordered.push_back(order.bar);
  return ordered;
}

// All with the same high and low, so that the ADX is 0; the close goes up and down a little, and
// falls through the band on bar `fall`, the last.
PaddedBars without_direction(std::size_t fall) {
  std::vector<Bar> bars(fall + 1, {.open = 10, .high = 12, .low = 7, .close = 10, .volume = 1});
  for (std::size_t i = 1; i < bars.size(); i += 2) bars[i].close = 10.5;
  bars.back().close = 7;
  return daily(bars);
}

TEST(Adx, AStrengthOnTheThresholdIsATrend) {
  EXPECT_THAT(bars_of_orders("adx_strategy", {{"adx_threshold", 1}}, without_direction(70)),
              ElementsAre(70));
  EXPECT_THAT(bars_of_orders("adx_strategy", {{"adx_threshold", 0}}, without_direction(70)),
              IsEmpty());
}

TEST(Adx, DoesNothingBeforeBarFiftyNorBeforeItsLongestMean) {
  const Parameters shorter{{"ma_long_period", 30}};
  EXPECT_THAT(bars_of_orders("adx_strategy", shorter, without_direction(49)), IsEmpty());
  EXPECT_THAT(bars_of_orders("adx_strategy", shorter, without_direction(50)), ElementsAre(50));
  const Parameters longer{{"ma_long_period", 60}};
  EXPECT_THAT(bars_of_orders("adx_strategy", longer, without_direction(59)), IsEmpty());
  EXPECT_THAT(bars_of_orders("adx_strategy", longer, without_direction(60)), ElementsAre(60));
}

TEST(CciAtr, AnIndexThatLeavesItsLevelHasComeBackFromBelow) {
  // The index is exactly 0 on bar 2, whose price is that of bar 1, and above 0 on bar 3.
  const Parameters parameters{{"cci_period", 2}, {"cci_entry", 0}, {"atr_period", 1}};
  EXPECT_THAT(bars_of_orders("cci_atr_strategy", parameters, daily({10.0, 12.0, 12.0, 14.0})),
              ElementsAre(3));
}

TEST(WilliamsR, APlaceOnTheLevelIsNotBelowIt) {
  const auto ordered = [](double close) {
    const Bar bar{.open = close, .high = 10, .low = 0, .close = close, .volume = 1};
    return bars_of_orders("williams_r_strategy", {{"period", 1}}, daily(std::vector<Bar>{bar}));
  };
  EXPECT_THAT(ordered(2), IsEmpty()) << "exactly -80";
  EXPECT_THAT(ordered(1), ElementsAre(0));
  EXPECT_THAT(ordered(8), IsEmpty()) << "exactly -20";
  EXPECT_THAT(ordered(9), ElementsAre(0));
}

TEST(Mfi, AnIndexOnTheLevelIsNotBelowIt) {
  // Without any outflow the index is 50.
  const PaddedBars rising = daily({10.0, 11.0, 12.0});
  const Parameters level{{"period", 2}, {"oversold", 50}, {"overbought", 50}};
  EXPECT_THAT(bars_of_orders("mfi_strategy", level, rising), IsEmpty());
  EXPECT_THAT(bars_of_orders("mfi_strategy", {{"period", 2}, {"oversold", 51}}, rising),
              ElementsAre(2));
}

TEST(KeltnerChannel, AnExitThatWasRefusedIsNotAskedForAgain) {
  // Short from bar 4 on; the price then trebles, so that equity is negative where it would leave.
  const Parameters narrow{{"ema_period", 2}, {"atr_period", 1}, {"atr_multiplier", 0.1}};
  const PaddedBars bars = daily(std::vector<OpenClose>{{100, 100},
                                                       {100, 101},
                                                       {101, 102},
                                                       {102, 80},
                                                       {80, 78},
                                                       {78, 250},
                                                       {250, 240},
                                                       {240, 260},
                                                       {260, 230},
                                                       {230, 255}});
  EXPECT_THAT(bars_of_orders("keltner_channel_strategy", narrow, bars), ElementsAre(3, 5));
}

// Closes below opens up to bar 10 and above them from there on, while the prices fall from bar to
// bar until bar 45 and rise afterwards: the means cross once, the MACD much later.
PaddedBars means_cross_early() {
  std::vector<OpenClose> bars;
  double price = 200;
  for (int i = 0; i < 70; ++i) {
    price += i < 45 ? -1 - 0.01 * i : 2;
    bars.push_back({i < 10 ? price + 0.5 : price - 0.5, price});
  }
  return daily(bars);
}

TEST(TemaMacd, ACrossBeforeAllItsLinesAreDefinedSetsNothing) {
  const Parameters early{{"tema_period", 2}};
  EXPECT_THAT(bars_of_orders("tema_macd_strategy", early, means_cross_early()), IsEmpty());
  // With shorter means the same cross of the same means counts.
  const Parameters counted{{"tema_period", 2}, {"macd1", 2}, {"macd2", 4}, {"macdsig", 2}};
  EXPECT_THAT(bars_of_orders("tema_macd_strategy", counted, means_cross_early()),
              testing::Not(IsEmpty()));
}

}  // namespace
}  // namespace runledger::test
