// A pullback into the mouth of the alligator, in the direction of a long mean: three smoothed means
// (lips, teeth, jaws) that lie in order, and a close between lips and teeth.
//
// Rule, from the bar after the lips' first on which all means are defined:
//   flat: the close above the long mean, jaws < teeth < lips, teeth < close < lips: buy;
//         the close below the long mean, jaws > teeth > lips, lips < close < teeth: sell short;
//   otherwise, with the flag for longs: the close crosses the lips upwards: drop it, and leave;
//   else with the flag for shorts: the close crosses the lips downwards: drop it, and leave.
// A purchase raises the flag for longs, a short sale the one for shorts, when they are issued. They
// are apart: after a purchase that was refused, the flag for longs rules the next short.
// Size: the run's own (--size). Market orders at the next open.
#include <runledger/indicators/cross_over.hpp>
#include <runledger/indicators/ema.hpp>
#include <runledger/strategy.hpp>

namespace {

struct Alligator {
  unsigned lips_period = 5;
  unsigned teeth_period = 8;
  unsigned jaws_period = 13;
  unsigned ema_period = 200;

  void on_start() {
    lips_ = runledger::Smma(lips_period);
    teeth_ = runledger::Smma(teeth_period);
    jaws_ = runledger::Smma(jaws_period);
    trend_ = runledger::Ema(ema_period);
  }

  void on_bar(const runledger::Step& step) {
    const double close = step.bars().close.back();
    const double lips = lips_.update(close);
    const double teeth = teeth_.update(close);
    const double jaws = jaws_.update(close);
    const double trend = trend_.update(close);
    lips_cross_.update(close, lips);
    step.publish("lips", lips);
    step.publish("teeth", teeth);
    step.publish("jaws", jaws);
    step.publish("ema", trend);
    if (!lips_cross_.ready()) return;
    if (step.position() != 0) {
      leave(step);
    } else if (close > trend && jaws < teeth && teeth < lips && teeth < close && close < lips) {
      long_flag_ = true;
      step.enter_long("into the mouth, upwards");
    } else if (close < trend && jaws > teeth && teeth > lips && lips < close && close < teeth) {
      short_flag_ = true;
      step.enter_short("into the mouth, downwards");
    }
  }

 private:
  void leave(const runledger::Step& step) {
    if (long_flag_) {
      if (lips_cross_.value() != 1) return;
      long_flag_ = false;
      step.close("close above the lips");
    } else if (short_flag_ && lips_cross_.value() == -1) {
      short_flag_ = false;
      step.close("close below the lips");
    }
  }

  runledger::Smma lips_, teeth_, jaws_;
  runledger::Ema trend_;
  runledger::CrossOver lips_cross_;
  bool long_flag_ = false, short_flag_ = false;
};

}  // namespace

RL_PLUGIN(runledger::Describe<Alligator>(
              "org.runledger.alligator_strategy", "1.0.0",
              "Enters on a pullback between lips and teeth in the direction of a long mean, and "
              "leaves where the close crosses the lips.")
              .title("Alligator")
              .param("lips_period", &Alligator::lips_period, 1, 100'000,
                     "Length of the fastest smoothed mean.", "bars")
              .sweep(3, 8, 1)
              .param("teeth_period", &Alligator::teeth_period, 1, 100'000,
                     "Length of the smoothed mean in between.", "bars")
              .sweep(5, 13, 2)
              .param("jaws_period", &Alligator::jaws_period, 1, 100'000,
                     "Length of the slowest smoothed mean.", "bars")
              .sweep(8, 21, 3)
              .param("ema_period", &Alligator::ema_period, 1, 100'000,
                     "Length of the long exponential mean.", "bars")
              .sweep(150, 250, 25))
