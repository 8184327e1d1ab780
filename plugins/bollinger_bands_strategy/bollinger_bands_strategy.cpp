// Back to the mean: buys where the close falls through the lower Bollinger band, sells short where
// it rises through the upper one, and leaves at the middle.
//
// Rule, from the bar after the bands' first on:
//   flat: the close crosses the bottom band downwards: buy; else the top band upwards: sell short;
//   long: the close crosses the middle upwards: leave;
//   short: the close crosses the middle downwards: leave.
// Which exit applies follows from the last order that was issued, carried out or not: after an
// exit that was refused the position stays to the end. This is how the system that runledger
// replaces behaves, and it is kept bit for bit.
// Size: the run's own (--size). Market orders at the next open.
#include <runledger/indicators/bollinger.hpp>
#include <runledger/indicators/cross_over.hpp>
#include <runledger/strategy.hpp>

namespace {

struct BollingerBands {
  unsigned period = 20;
  double devfactor = 2.0;

  void on_start() { bands_ = runledger::Bollinger(period, devfactor); }

  void on_bar(const runledger::Step& step) {
    const double close = step.bars().close.back();
    const auto [middle, top, bottom] = bands_.update(close);
    const int through_bottom = bottom_cross_.update(close, bottom);
    const int through_top = top_cross_.update(close, top);
    const int through_middle = middle_cross_.update(close, middle);
    step.publish("middle", middle);
    step.publish("top", top);
    step.publish("bottom", bottom);
    if (step.position() == 0) {
      enter(step, through_bottom, through_top);
    } else if (side_ != 0 && through_middle == side_) {
      side_ = 0;
      step.close("close through the middle");
    }
  }

 private:
  void enter(const runledger::Step& step, int through_bottom, int through_top) {
    if (through_bottom == -1) {
      side_ = 1;
      step.enter_long("close below the bottom band");
    } else if (through_top == 1) {
      side_ = -1;
      step.enter_short("close above the top band");
    }
  }

  runledger::Bollinger bands_;
  runledger::CrossOver bottom_cross_, top_cross_, middle_cross_;
  int side_ = 0;  // of the last entry that was issued; 0 after an exit
};

}  // namespace

RL_PLUGIN(runledger::Describe<BollingerBands>(
              "org.runledger.bollinger_bands_strategy", "1.0.0",
              "Enters against a close outside the Bollinger bands and leaves at the middle.")
              .title("Bollinger bands")
              .param("period", &BollingerBands::period, 1, 100'000,
                     "Length of the middle mean and the deviation.", "bars")
              .sweep(10, 50, 5)
              .param("devfactor", &BollingerBands::devfactor, -1e6, 1e6,
                     "Distance of the bands from the middle, in standard deviations.", "deviations")
              .sweep(1.0, 3.0, 0.5))
