// Back from an extreme of the flow of money: buys where the money flow index is low, sells short
// where it is high, and leaves at the other extreme. Needs volume: without it nothing is traded.
//
// Rule, from the first bar with the index on (0 to 100):
//   flat: index below oversold: buy; else above overbought: sell short;
//   long: index above overbought: leave;
//   short: index below oversold: leave.
// Which exit applies follows from the last order that was issued, carried out or not: after an
// exit that was refused the position stays to the end.
// Size: the run's own (--size). Market orders at the next open.
#include <runledger/indicators/mfi.hpp>
#include <runledger/strategy.hpp>

namespace {

struct MfiStrategy {
  unsigned period = 14;
  int oversold = 20;
  int overbought = 80;

  void on_start() { mfi_ = runledger::Mfi(period); }

  void on_bar(const runledger::Step& step) {
    warn_without_volume(step);
    const double flow = mfi_.update(step.bars().last());
    step.publish("mfi", flow);
    const bool is_low = flow < oversold;
    const bool is_high = flow > overbought;
    if (step.position() == 0) {
      if (is_low) {
        side_ = 1;
        step.enter_long("money flowed out");
      } else if (is_high) {
        side_ = -1;
        step.enter_short("money flowed in");
      }
    } else if ((side_ == 1 && is_high) || (side_ == -1 && is_low)) {
      side_ = 0;
      step.close("the other extreme");
    }
  }

 private:
  runledger::Mfi mfi_;
  int side_ = 0;  // of the last entry that was issued; 0 after an exit
};

}  // namespace

RL_PLUGIN(runledger::Describe<MfiStrategy>(
              "org.runledger.mfi_strategy", "1.0.0",
              "Enters against an extreme of the money flow index and leaves at the other one.")
              .title("Money flow index")
              .param("period", &MfiStrategy::period, 1, 100'000, "Length of the flow of money.",
                     "bars")
              .sweep(7, 28, 7)
              .param("oversold", &MfiStrategy::oversold, -1'000'000, 1'000'000,
                     "Level below which to buy; the index goes from 0 to 100.")
              .sweep(10, 30, 5)
              .param("overbought", &MfiStrategy::overbought, -1'000'000, 1'000'000,
                     "Level above which to sell short.")
              .sweep(70, 90, 5))
