// Out of the channel: enters in the direction in which the close leaves its Keltner channel, and
// leaves where it comes back through the middle.
//
// Rule, from the bar after the channel's first on:
//   flat: the close crosses the upper line upwards: buy; else the lower line downwards: sell short;
//   long: the close crosses the middle downwards: leave;
//   short: the close crosses the middle upwards: leave.
// The channel is the EMA of the close, and atr_multiplier average true ranges above and below it.
// Which exit applies follows from the last order that was issued, carried out or not: after an
// exit that was refused the position stays to the end.
// Size: the run's own (--size). Market orders at the next open.
#include <runledger/indicators/cross_over.hpp>
#include <runledger/indicators/keltner.hpp>
#include <runledger/strategy.hpp>

namespace {

struct KeltnerChannel {
  unsigned ema_period = 20;
  unsigned atr_period = 10;
  double atr_multiplier = 2.0;

  void on_start() {
    channel_ = runledger::Keltner({.mean = ema_period, .range = atr_period}, atr_multiplier);
  }

  void on_bar(const runledger::Step& step) {
    const runledger::Bar bar = step.bars().last();
    const auto [middle, upper, lower] = channel_.update(bar);
    const int through_upper = upper_cross_.update(bar.close, upper);
    const int through_lower = lower_cross_.update(bar.close, lower);
    const int through_middle = middle_cross_.update(bar.close, middle);
    step.publish("middle", middle);
    step.publish("upper", upper);
    step.publish("lower", lower);
    step.publish("atr", channel_.range());
    if (step.position() == 0) {
      if (through_upper == 1) {
        side_ = 1;
        step.enter_long("close above the channel");
      } else if (through_lower == -1) {
        side_ = -1;
        step.enter_short("close below the channel");
      }
    } else if (side_ != 0 && through_middle == -side_) {
      side_ = 0;
      step.close("close back through the middle");
    }
  }

 private:
  runledger::Keltner channel_;
  runledger::CrossOver upper_cross_, lower_cross_, middle_cross_;
  int side_ = 0;  // of the last entry that was issued; 0 after an exit
};

}  // namespace

RL_PLUGIN(runledger::Describe<KeltnerChannel>(
              "org.runledger.keltner_channel_strategy", "1.0.0",
              "Enters with a close that leaves the Keltner channel and leaves at the middle.")
              .title("Keltner channel")
              .param("ema_period", &KeltnerChannel::ema_period, 1, 100'000,
                     "Length of the middle mean.", "bars")
              .sweep(10, 40, 5)
              .param("atr_period", &KeltnerChannel::atr_period, 1, 100'000,
                     "Length of the average true range.", "bars")
              .sweep(5, 20, 5)
              .param("atr_multiplier", &KeltnerChannel::atr_multiplier, -1e6, 1e6,
                     "Distance of the lines from the middle, in average true ranges.", "ranges")
              .sweep(1.0, 3.0, 0.5))
