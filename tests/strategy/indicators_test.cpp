// The indicators against the values that the old system recorded for its own, and what their
// headers promise beyond those.
#include <cmath>
#include <fstream>
#include <functional>
#include <limits>
#include <map>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <runledger/indicators.hpp>

#include "shared_folder.hpp"
#include "support.hpp"

namespace runledger::test {
namespace {

using Json = nlohmann::json;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Takes the bars one by one and returns the indicator's value at each.
using Feed = std::function<double(const Bars& bars, std::size_t bar)>;

template <class Indicator>
Feed on_close(Indicator indicator) {
  return [indicator](const Bars& bars, std::size_t bar) mutable {
    return indicator.update(bars.close[bar]);
  };
}

template <class Indicator>
Feed on_volume(Indicator indicator) {
  return [indicator](const Bars& bars, std::size_t bar) mutable {
    return indicator.update(bars.volume[bar]);
  };
}

Feed atr(std::size_t length) {
  return [indicator = Atr(length)](const Bars& bars, std::size_t bar) mutable {
    return indicator.update(
        {.high = bars.high[bar], .low = bars.low[bar], .close = bars.close[bar]});
  };
}

Feed macd(const Json& parameters, double Macd::Lines::* line) {
  return [line, indicator = Macd({.fast = parameters.at("macd1"),
                                  .slow = parameters.at("macd2"),
                                  .signal = parameters.at("macdsig")})](const Bars& bars,
                                                                        std::size_t bar) mutable {
    return indicator.update(bars.close[bar]).*line;
  };
}

Feed bollinger(const Json& parameters, double Bollinger::Bands::* band) {
  return [band, indicator = Bollinger(parameters.at("period"), parameters.at("devfactor"))](
             const Bars& bars, std::size_t bar) mutable {
    return indicator.update(bars.close[bar]).*band;
  };
}

struct Sampled {
  const char* strategy;
  const char* indicator;  // as the file calls it
  std::function<Feed(const Json& parameters)> make;
};

const std::vector<Sampled>& sampled() {
  static const std::vector<Sampled> table{
      {"alligator", "Alligator_Lips_SMA5",
       [](const Json& p) { return on_close(Smma(p.at("lips_period").get<std::size_t>())); }},
      {"alligator", "Alligator_Teeth_SMA8",
       [](const Json& p) { return on_close(Smma(p.at("teeth_period").get<std::size_t>())); }},
      {"alligator", "Alligator_Jaws_SMA13",
       [](const Json& p) { return on_close(Smma(p.at("jaws_period").get<std::size_t>())); }},
      {"alligator", "EMA_200",
       [](const Json& p) { return on_close(Ema(p.at("ema_period").get<std::size_t>())); }},
      {"adx", "SMA_20",
       [](const Json& p) { return on_close(Sma(p.at("ma_short_period").get<std::size_t>())); }},
      {"adx", "SMA_50",
       [](const Json& p) { return on_close(Sma(p.at("ma_long_period").get<std::size_t>())); }},
      {"keltner_channel", "EMA",
       [](const Json& p) { return on_close(Ema(p.at("ema_period").get<std::size_t>())); }},
      {"momentum_multi", "RSI",
       [](const Json& p) { return on_close(Rsi(p.at("rsi_period").get<std::size_t>())); }},
      {"rsi_stochastic", "RSI",
       [](const Json& p) { return on_close(Rsi(p.at("rsi_period").get<std::size_t>())); }},
      {"tema_crossover", "TEMA_20",
       [](const Json& p) { return on_close(Tema(p.at("tema_short_period").get<std::size_t>())); }},
      {"tema_crossover", "TEMA_60",
       [](const Json& p) { return on_close(Tema(p.at("tema_long_period").get<std::size_t>())); }},
      {"tema_macd", "TEMA_Close",
       [](const Json& p) { return on_close(Tema(p.at("tema_period").get<std::size_t>())); }},
      {"tema_crossover", "Volume_SMA",
       [](const Json& p) { return on_volume(Sma(p.at("volume_period").get<std::size_t>())); }},
      {"cci_atr", "ATR", [](const Json& p) { return atr(p.at("atr_period")); }},
      {"cmf_atr_macd", "ATR", [](const Json& p) { return atr(p.at("atrperiod")); }},
      {"keltner_channel", "ATR", [](const Json& p) { return atr(p.at("atr_period")); }},
      {"cmf_atr_macd", "MACD", [](const Json& p) { return macd(p, &Macd::Lines::macd); }},
      {"cmf_atr_macd", "MACD_Signal", [](const Json& p) { return macd(p, &Macd::Lines::signal); }},
      {"tema_macd", "MACD", [](const Json& p) { return macd(p, &Macd::Lines::macd); }},
      {"tema_macd", "MACD_Signal", [](const Json& p) { return macd(p, &Macd::Lines::signal); }},
      {"bollinger_bands", "Bollinger_Upper",
       [](const Json& p) { return bollinger(p, &Bollinger::Bands::top); }},
      {"bollinger_bands", "Bollinger_Middle",
       [](const Json& p) { return bollinger(p, &Bollinger::Bands::middle); }},
      {"bollinger_bands", "Bollinger_Lower",
       [](const Json& p) { return bollinger(p, &Bollinger::Bands::bottom); }},
  };
  return table;
}

// Every value that was sampled, bit for bit.
std::size_t expect_samples(const Json& expected, const Bars& bars, const Sampled& it) {
  const Json& samples = expected.at("indicator_samples");
  const Json& values = samples.at("values").at(it.indicator);
  const Feed feed = it.make(expected.at("parameters"));
  std::vector<double> series;
  for (std::size_t bar = 0; bar < bars.size(); ++bar) series.push_back(feed(bars, bar));
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto bar = samples.at("bars")[i].at("index").get<std::size_t>();
    EXPECT_EQ(series[bar], values[i].get<double>()) << it.indicator << " at bar " << bar;
  }
  return values.size();
}

TEST(Indicators, EqualTheOldSystemsValuesBitForBit) {
  const std::filesystem::path shared = shared_folder();
  if (shared.empty()) GTEST_SKIP() << "the reference data (../shared) is not beside the repository";
  std::map<std::string, Bars> data;
  std::map<std::string, Json> recorded;
  std::size_t checked = 0;
  for (const Sampled& it : sampled()) {
    Json& file = recorded[it.strategy];
    if (file.is_null()) {
      const std::string name = std::string(it.strategy) + "_strategy.json";
      file = Json::parse(std::ifstream(shared / "reference/parity" / name));
    }
    for (const Json& expected : file.at("cases")) {
      SCOPED_TRACE(expected.at("id").get<std::string>());
      const std::string path = expected.at("data");
      if (!data.contains(path)) data.emplace(path, read_daily_csv(shared / path));
      checked += expect_samples(expected, data.at(path), it);
    }
  }
  EXPECT_GT(checked, 500u);
}

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

TEST(Indicators, RefuseALengthOfNothing) {
  EXPECT_THROW(Sma(0), std::invalid_argument);
  EXPECT_THROW(Ema(0), std::invalid_argument);
  EXPECT_THROW(Bollinger(0, 2), std::invalid_argument);
  EXPECT_THROW(Rsi(0), std::invalid_argument);
  EXPECT_THROW(Atr(0), std::invalid_argument);
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

std::vector<int> crosses(const std::vector<double>& differences) {
  CrossOver cross;
  std::vector<int> values;
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

}  // namespace
}  // namespace runledger::test
