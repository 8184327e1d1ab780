// Back from an extreme: buys where the close lies near the bottom of its range, sells short where
// it lies near the top, and leaves at the other extreme.
//
// Rule, from the first bar with Williams %R on (-100 at the bottom of the range, 0 at its top):
//   flat: %R below oversold: buy; else above overbought: sell short;
//   long: %R above overbought: leave;
//   short: %R below oversold: leave.
// Which exit applies follows from the last order that was issued, carried out or not: after an
// exit that was refused the position stays to the end.
// Size: the run's own (--size). Market orders at the next open.
#include <runledger/indicators/williams_r.hpp>
#include <runledger/strategy.hpp>

namespace {

struct WilliamsRStrategy {
  unsigned period = 14;
  int oversold = -80;
  int overbought = -20;

  void on_start() { williams_r_ = runledger::WilliamsR(period); }

  void on_bar(const runledger::Step& step) {
    const double place = williams_r_.update(step.bars().last());
    step.publish("williams_r", place);
    const bool is_low = place < oversold;
    const bool is_high = place > overbought;
    if (step.position() == 0) {
      if (is_low) {
        side_ = 1;
        step.enter_long("oversold");
      } else if (is_high) {
        side_ = -1;
        step.enter_short("overbought");
      }
    } else if ((side_ == 1 && is_high) || (side_ == -1 && is_low)) {
      side_ = 0;
      step.close("the other extreme");
    }
  }

 private:
  runledger::WilliamsR williams_r_;
  int side_ = 0;  // of the last entry that was issued; 0 after an exit
};

}  // namespace

RL_PLUGIN(runledger::Describe<WilliamsRStrategy>(
              "org.runledger.williams_r_strategy", "1.0.0",
              "Enters against an extreme of Williams %R and leaves at the other one.")
              .title("Williams %R")
              .param("period", &WilliamsRStrategy::period, 1, 100'000,
                     "Length of the range of highs and lows.", "bars")
              .sweep(5, 30, 2)
              .param("oversold", &WilliamsRStrategy::oversold, -1'000'000, 1'000'000,
                     "Level below which to buy; %R goes from -100 to 0.")
              .sweep(-95, -70, 5)
              .param("overbought", &WilliamsRStrategy::overbought, -1'000'000, 1'000'000,
                     "Level above which to sell short.")
              .sweep(-35, -10, 5))
