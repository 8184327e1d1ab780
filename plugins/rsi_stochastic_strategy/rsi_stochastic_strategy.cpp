// Two oscillators that must agree: enters against an extreme that both the RSI and the stochastic
// show, and leaves as soon as either shows the other one.
//
// Rule, from the first bar with the RSI and with both lines of the slow stochastic (3, 3) on:
//   flat: RSI below rsi_oversold and %K below stoch_oversold: buy;
//         else RSI above rsi_overbought and %K above stoch_overbought: sell short;
//   long: RSI above rsi_overbought or %K above stoch_overbought: leave;
//   short: RSI below rsi_oversold or %K below stoch_oversold: leave.
// Which exit applies follows from the last order that was issued, carried out or not: after an
// exit that was refused the position stays to the end.
// Size: the run's own (--size). Market orders at the next open.
#include <runledger/indicators/rsi.hpp>
#include <runledger/indicators/stochastic.hpp>
#include <runledger/strategy.hpp>

namespace {

struct RsiStochastic {
  unsigned rsi_period = 14;
  int rsi_oversold = 30;
  int rsi_overbought = 70;
  unsigned stoch_period = 14;
  int stoch_oversold = 20;
  int stoch_overbought = 80;

  void on_start() {
    rsi_ = runledger::Rsi(rsi_period);
    stochastic_ = runledger::Stochastic({.range = stoch_period, .smooth_k = 3, .smooth_d = 3});
  }

  void on_bar(const runledger::Step& step) {
    const runledger::Bar bar = step.bars().last();
    const double rsi = rsi_.update(bar.close);
    const auto [k, d] = stochastic_.update(bar);
    step.publish("rsi", rsi);
    step.publish("k", k);
    step.publish("d", d);
    if (!rsi_.ready() || !stochastic_.ready()) return;
    if (step.position() == 0) {
      if (rsi < rsi_oversold && k < stoch_oversold) {
        side_ = 1;
        step.enter_long("both oversold");
      } else if (rsi > rsi_overbought && k > stoch_overbought) {
        side_ = -1;
        step.enter_short("both overbought");
      }
    } else if (side_ == 1 && (rsi > rsi_overbought || k > stoch_overbought)) {
      side_ = 0;
      step.close("overbought");
    } else if (side_ == -1 && (rsi < rsi_oversold || k < stoch_oversold)) {
      side_ = 0;
      step.close("oversold");
    }
  }

 private:
  runledger::Rsi rsi_;
  runledger::Stochastic stochastic_;
  int side_ = 0;  // of the last entry that was issued; 0 after an exit
};

}  // namespace

RL_PLUGIN(runledger::Describe<RsiStochastic>(
              "org.runledger.rsi_stochastic_strategy", "1.0.0",
              "Enters against an extreme that RSI and stochastic agree on; leaves at the other "
              "extreme of either.")
              .title("RSI and stochastic")
              .param("rsi_period", &RsiStochastic::rsi_period, 1, 100'000, "Length of the RSI.",
                     "bars")
              .sweep(7, 28, 7)
              .param("rsi_oversold", &RsiStochastic::rsi_oversold, -1'000'000, 1'000'000,
                     "Lower level of the RSI, which goes from 0 to 100.")
              .sweep(20, 40, 5)
              .param("rsi_overbought", &RsiStochastic::rsi_overbought, -1'000'000, 1'000'000,
                     "Upper level of the RSI.")
              .sweep(60, 80, 5)
              .param("stoch_period", &RsiStochastic::stoch_period, 1, 100'000,
                     "Length of the stochastic's range of highs and lows.", "bars")
              .sweep(7, 21, 7)
              .param("stoch_oversold", &RsiStochastic::stoch_oversold, -1'000'000, 1'000'000,
                     "Lower level of %K, which goes from 0 to 100.")
              .sweep(10, 30, 5)
              .param("stoch_overbought", &RsiStochastic::stoch_overbought, -1'000'000, 1'000'000,
                     "Upper level of %K.")
              .sweep(70, 90, 5))
