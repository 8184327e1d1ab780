// The twelve strategies of the old system, as plugins, against its recorded results.
#include <array>
#include <ostream>

#include <gtest/gtest.h>

#include "parity_cases.hpp"
#include "plugin_run.hpp"

namespace runledger::test {
namespace {

struct Recorded {
  const char* name;
  std::map<std::string, std::string, std::less<>> published_as;
  std::size_t stress_cases = 3;
  std::size_t cases = 9;
};
std::ostream& operator<<(std::ostream& out, const Recorded& recorded) {
  return out << recorded.name;
}

const std::vector<Recorded>& recorded() {
  static const std::vector<Recorded> table{
      {"adx_strategy",
       {{"ADX", "adx"},
        {"SMA_20", "short"},
        {"SMA_50", "long"},
        {"Bollinger_Upper", "top"},
        {"Bollinger_Middle", "middle"},
        {"Bollinger_Lower", "bottom"}}},
      {"alligator_strategy",
       {{"Alligator_Lips_SMA5", "lips"},
        {"Alligator_Teeth_SMA8", "teeth"},
        {"Alligator_Jaws_SMA13", "jaws"},
        {"EMA_200", "ema"}}},
      {"bollinger_bands_strategy",
       {{"Bollinger_Upper", "top"}, {"Bollinger_Middle", "middle"}, {"Bollinger_Lower", "bottom"}}},
      {"cci_atr_strategy", {{"CCI", "cci"}, {"ATR", "atr"}}},
      {"cmf_atr_macd_strategy",
       {{"MACD", "macd"},
        {"MACD_Signal", "signal"},
        {"MACD_Histogram", "histogram"},
        {"ATR", "atr"},
        {"CMF", "cmf"}}},
      {"keltner_channel_strategy",
       {{"EMA", "middle"}, {"ATR", "atr"}, {"Keltner_Upper", "upper"}, {"Keltner_Lower", "lower"}}},
      {"mfi_strategy", {{"MFI", "mfi"}}},
      {"momentum_multi_strategy", {{"ROC", "roc"}, {"RSI", "rsi"}, {"OBV", "obv"}}},
      {"rsi_stochastic_strategy", {{"RSI", "rsi"}, {"Stochastic_K", "k"}, {"Stochastic_D", "d"}}},
      {"tema_crossover_strategy",
       {{"Volume_SMA", "usual_volume"}, {"TEMA_20", "short"}, {"TEMA_60", "long"}}},
      {"tema_macd_strategy",
       {{"MACD", "macd"},
        {"MACD_Signal", "signal"},
        {"MACD_Histogram", "histogram"},
        {"TEMA_Open", "tema_open"},
        {"TEMA_Close", "tema_close"}}},
      {"williams_r_strategy", {{"Williams_R", "williams_r"}}, 4, 12},
  };
  return table;
}

class PluginParity : public testing::TestWithParam<Recorded> {
 protected:
  static ParityStrategy strategy() {
    const std::string name = GetParam().name;
    return {.name = name,
            .run =
                [name](const ParityCall& call) {
                  return run_plugin(name, call.parameters.get<Parameters>(), call.bars,
                                    call.settings,
                                    [&](RunInputs& inputs) { inputs.publish = call.publish; });
                },
            .published_as = GetParam().published_as};
  }
};

TEST_P(PluginParity, OnTheStressDataEqualsTheOldSystemBitForBit) {
  expect_golden_parity(strategy(), GetParam().stress_cases);
}

TEST_P(PluginParity, OnRealPricesEqualsTheOldSystemBitForBit) {
  expect_shared_parity(strategy(), GetParam().cases);
}

INSTANTIATE_TEST_SUITE_P(OldSystem, PluginParity, testing::ValuesIn(recorded()),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace runledger::test
