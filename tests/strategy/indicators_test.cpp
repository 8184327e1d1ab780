// What the headers of the indicators promise beyond their formulas.
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include <runledger/indicators.hpp>

namespace runledger::test {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// The first value that is defined is the one that warm_up() says, counted from 1.
template <class Indicator, class Update>
void expect_warm_up(Indicator indicator, Update&& update) {
  const std::size_t warm_up = indicator.warm_up();
  for (std::size_t seen = 1; seen <= warm_up + 2; ++seen) {
    EXPECT_EQ(std::isnan(update(indicator, 10.0 + static_cast<double>(seen % 3))), seen < warm_up);
    EXPECT_EQ(indicator.ready(), seen >= warm_up);
  }
}

TEST(Indicators, AreUndefinedUntilTheirWarmUp) {
  const auto plain = [](auto& indicator, double value) { return indicator.update(value); };
  for (const std::size_t length : {1u, 2u, 5u}) {
    expect_warm_up(Sma(length), plain);
    expect_warm_up(Ema(length), plain);
    expect_warm_up(Smma(length), plain);
    expect_warm_up(Tema(length), plain);
    expect_warm_up(Rsi(length), plain);
    expect_warm_up(Bollinger(length, 2),
                   [](auto& bands, double value) { return bands.update(value).bottom; });
    expect_warm_up(Atr(length), [](auto& range, double value) {
      return range.update({.high = value + 1, .low = value - 1, .close = value});
    });
    expect_warm_up(Macd({.fast = length, .slow = 4, .signal = 3}),
                   [](auto& lines, double value) { return lines.update(value).signal; });
  }
}

TEST(Indicators, SayHowManyBarsTheyNeed) {
  EXPECT_EQ(Sma(20).warm_up(), 20u);
  EXPECT_EQ(Ema(20).warm_up(), 20u);
  EXPECT_EQ(Tema(12).warm_up(), 34u);
  EXPECT_EQ(Rsi(14).warm_up(), 15u);
  EXPECT_EQ(Macd({.fast = 12, .slow = 26, .signal = 9}).warm_up(), 34u);
  EXPECT_EQ(Atr(14).warm_up(), 15u);
  EXPECT_EQ(Stochastic({.range = 14, .smooth_k = 3, .smooth_d = 3}).warm_up(), 18u);
  EXPECT_EQ(WilliamsR(14).warm_up(), 14u);
  EXPECT_EQ(Cci(20).warm_up(), 39u);
  EXPECT_EQ(Adx(14).warm_up(), 28u);
  EXPECT_EQ(Roc(12).warm_up(), 13u);
  EXPECT_EQ(Obv::warm_up(), 1u);
  EXPECT_EQ(Mfi(14).warm_up(), 15u);
  EXPECT_EQ(Cmf(20).warm_up(), 20u);
  EXPECT_EQ(Donchian(20).warm_up(), 20u);
  EXPECT_EQ(Keltner({.mean = 20, .range = 10}, 2).warm_up(), 20u);
  EXPECT_EQ(Keltner({.mean = 5, .range = 10}, 2).warm_up(), 11u);
}

TEST(Indicators, RefuseALengthOfNothing) {
  EXPECT_THROW(Sma(0), std::invalid_argument);
  EXPECT_THROW(Ema(0), std::invalid_argument);
  EXPECT_THROW(Bollinger(0, 2), std::invalid_argument);
  EXPECT_THROW(Rsi(0), std::invalid_argument);
  EXPECT_THROW(Atr(0), std::invalid_argument);
  EXPECT_THROW(SlidingMax(0), std::invalid_argument);
  EXPECT_THROW(Donchian(0), std::invalid_argument);
  EXPECT_THROW(WilliamsR(0), std::invalid_argument);
  EXPECT_THROW(Stochastic({.range = 3, .smooth_k = 0, .smooth_d = 3}), std::invalid_argument);
  EXPECT_THROW(Cci(0), std::invalid_argument);
  EXPECT_THROW(Adx(0), std::invalid_argument);
  EXPECT_THROW(Roc(0), std::invalid_argument);
  EXPECT_THROW(Mfi(0), std::invalid_argument);
  EXPECT_THROW(Cmf(0), std::invalid_argument);
  EXPECT_THROW(Keltner({.mean = 3, .range = 0}, 2), std::invalid_argument);
}

TEST(Indicators, AWindowForgetsANumberThatIsNone) {
  Sma mean(2);
  mean.update(1);
  EXPECT_TRUE(std::isnan(mean.update(kNaN)));
  EXPECT_TRUE(std::isnan(mean.update(3)));
  EXPECT_EQ(mean.update(5), 4);
}

TEST(Indicators, ARecursiveMeanSkipsWhatItsInputHasNotYetAndKeepsWhatItMeets) {
  Ema mean(2);
  EXPECT_TRUE(std::isnan(mean.update(kNaN)));
  mean.update(1);
  EXPECT_EQ(mean.update(3), 2);
  EXPECT_TRUE(std::isnan(mean.update(kNaN)));
  EXPECT_TRUE(std::isnan(mean.update(3)));
}

TEST(Indicators, TheRsiOfPricesThatOnlyRiseIs100AndOfStillOnes50) {
  Rsi rising(2);
  Rsi still(2);
  for (int i = 0; i < 5; ++i) {
    rising.update(i);
    still.update(7);
  }
  EXPECT_EQ(rising.value(), 100);
  EXPECT_EQ(still.value(), 50);
}

Bar still(double price) {
  return {.open = price, .high = price, .low = price, .close = price, .volume = 10};
}

TEST(Indicators, AMarketThatStandsStillHasNoDirection) {
  Adx index(2);
  for (int i = 0; i < 6; ++i) index.update(still(7));
  EXPECT_TRUE(index.ready());
  EXPECT_EQ(index.value().adx, 0);
  EXPECT_EQ(index.value().plus, 0);
  EXPECT_EQ(index.value().minus, 0);
}

TEST(Indicators, ADirectionAfterStillnessIsSeen) {
  Adx index(2);
  for (int i = 0; i < 6; ++i) index.update(still(7));
  index.update(still(8));
  EXPECT_EQ(index.value().plus, 100);
  EXPECT_EQ(index.value().minus, 0);
  EXPECT_EQ(index.value().adx, 50);
}

TEST(Indicators, ACloseHasNoPlaceInARangeOfNothing) {
  WilliamsR williams(2);
  Stochastic stochastic({.range = 2, .smooth_k = 2, .smooth_d = 1});
  Cci channel(2);
  for (int i = 0; i < 6; ++i) {
    williams.update(still(7));
    stochastic.update(still(7));
    channel.update(still(7));
  }
  EXPECT_TRUE(std::isnan(williams.value()));
  EXPECT_TRUE(std::isnan(stochastic.value().k));
  EXPECT_TRUE(std::isnan(channel.value()));
  williams.update(still(8));
  stochastic.update(still(8));
  channel.update(still(8));
  EXPECT_EQ(williams.value(), 0);
  EXPECT_TRUE(std::isnan(stochastic.value().k)) << "its last raw value is still in the mean";
  EXPECT_NEAR(channel.value(), 0.5 / (0.015 * 0.25), 1e-9);
  stochastic.update(still(9));
  EXPECT_EQ(stochastic.value().k, 100);
}

TEST(Indicators, ABarWithoutRangeHasNoMoneyFlowAndNoVolumeGivesZero) {
  Cmf flow(2);
  flow.update({.high = 2, .low = 1, .close = 2, .volume = 30});
  EXPECT_EQ(flow.update(still(7)), 30.0 / 40);
  flow.update({.high = 2, .low = 1, .close = 2, .volume = 0});
  EXPECT_EQ(flow.update({.high = 2, .low = 1, .close = 2, .volume = 0}), 0);
}

TEST(Indicators, MoneyThatOnlyFlowsInGives50) {
  Mfi flow(2);
  for (const double price : {1.0, 2.0, 3.0, 4.0}) flow.update(still(price));
  EXPECT_EQ(flow.value(), 50);
}

TEST(Indicators, WithoutVolumeNothingThatNeedsItIsDefined) {
  Mfi money(1);
  Cmf chaikin(1);
  Obv balance;
  for (const double price : {1.0, 2.0, 3.0}) {
    const Bar bar{.open = price, .high = price + 1, .low = price, .close = price};
    EXPECT_TRUE(std::isnan(money.update(bar)));
    EXPECT_TRUE(std::isnan(chaikin.update(bar)));
    EXPECT_TRUE(std::isnan(balance.update(bar)));
  }
}

TEST(Indicators, TheMiddleOfADonchianChannelLiesBetweenItsSides) {
  Donchian channel(2);
  channel.update({.high = 5, .low = 2});
  channel.update({.high = 4, .low = 1});
  EXPECT_EQ(channel.value().upper, 5);
  EXPECT_EQ(channel.value().lower, 1);
  EXPECT_EQ(channel.value().middle(), 3);
}

std::vector<int> crosses(const std::vector<double>& differences) {
  CrossOver cross;
  std::vector<int> values;
  values.reserve(differences.size());
  for (const double difference : differences) values.push_back(cross.update(10 + difference, 10));
  return values;
}

TEST(CrossOver, RemembersThroughATouch) {
  EXPECT_EQ(crosses({-1, 0, 1}), (std::vector{0, 0, 1}));
  EXPECT_EQ(crosses({-1, 0, -1, 1}), (std::vector{0, 0, 0, 1}));
  EXPECT_EQ(crosses({1, 0, 0, -1}), (std::vector{0, 0, 0, -1}));
}

TEST(CrossOver, LinesThatStartEqualHaveNotCrossedWhenTheyPart) {
  EXPECT_EQ(crosses({0, 1, -1}), (std::vector{0, 0, -1}));
}

TEST(CrossOver, ABarWithoutAValueChangesNothing) {
  EXPECT_EQ(crosses({kNaN, -1, kNaN, 1}), (std::vector{0, 0, 0, 1}));
}

TEST(CrossOver, IsReadyOnTheSecondBarWithBothLines) {
  CrossOver cross;
  for (const double value : {kNaN, 1.0, kNaN}) {
    cross.update(value, 10);
    EXPECT_FALSE(cross.ready());
  }
  cross.update(1, 10);
  EXPECT_TRUE(cross.ready());
}

}  // namespace
}  // namespace runledger::test
