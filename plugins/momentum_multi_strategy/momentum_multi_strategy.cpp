// Strong moves that volume confirms: enters in the direction of a large rate of change while the
// RSI is still moderate. Needs volume: without it nothing is traded.
//
// Rule, from the first bar with the rate of change (a fraction: 0.05 is 5 %) and the RSI on:
//   flat: ROC above roc_threshold, rsi_min < RSI < rsi_max, on-balance volume above its last
//         value: buy;
//         else ROC below -roc_threshold, the same of the RSI, on-balance volume below its last
//         value: sell short;
//   long: ROC below 0 or RSI above rsi_exit: leave;
//   short: ROC above 0 or RSI below 100 - rsi_exit: leave.
// Which exit applies follows from the last order that was issued, carried out or not: after an
// exit that was refused the position stays to the end. The default threshold of 2 asks for a move
// of 200 % and hardly ever trades; it is the one of the system that runledger replaces.
// Size: the run's own (--size). Market orders at the next open.
#include <runledger/indicators/obv.hpp>
#include <runledger/indicators/roc.hpp>
#include <runledger/indicators/rsi.hpp>
#include <runledger/strategy.hpp>

namespace {

struct MomentumMulti {
  unsigned roc_period = 12;
  double roc_threshold = 2.0;
  unsigned rsi_period = 14;
  int rsi_min = 40;
  int rsi_max = 60;
  int rsi_exit = 70;

  void on_start() {
    roc_ = runledger::Roc(roc_period);
    rsi_ = runledger::Rsi(rsi_period);
  }

  void on_bar(const runledger::Step& step) {
    warn_without_volume(step);
    const runledger::Bar bar = step.bars().last();
    const double roc = roc_.update(bar.close);
    const double rsi = rsi_.update(bar.close);
    const double obv_before = obv_.value();
    const double obv = obv_.update(bar);
    step.publish("roc", roc);
    step.publish("rsi", rsi);
    step.publish("obv", obv);
    const bool is_moderate = rsi > rsi_min && rsi < rsi_max;
    if (step.position() == 0) {
      if (roc > roc_threshold && is_moderate && obv > obv_before) {
        side_ = 1;
        step.enter_long("strong rise on volume");
      } else if (roc < -roc_threshold && is_moderate && obv < obv_before) {
        side_ = -1;
        step.enter_short("strong fall on volume");
      }
    } else if ((side_ == 1 && (roc < 0 || rsi > rsi_exit)) ||
               (side_ == -1 && (roc > 0 || rsi < 100 - rsi_exit))) {
      side_ = 0;
      step.close("the move is over");
    }
  }

 private:
  runledger::Roc roc_;
  runledger::Rsi rsi_;
  runledger::Obv obv_;
  int side_ = 0;  // of the last entry that was issued; 0 after an exit
};

}  // namespace

RL_PLUGIN(runledger::Describe<MomentumMulti>(
              "org.runledger.momentum_multi_strategy", "1.0.0",
              "Enters with a large rate of change that volume confirms while the RSI is moderate.")
              .title("Momentum of price and volume")
              .param("roc_period", &MomentumMulti::roc_period, 1, 100'000,
                     "Bars of the rate of change.", "bars")
              .sweep(6, 20, 2)
              .param("roc_threshold", &MomentumMulti::roc_threshold, -1e6, 1e6,
                     "Least rate of change, as a fraction: 0.05 is 5 %.")
              .sweep(0.5, 5.0, 0.5)
              .param("rsi_period", &MomentumMulti::rsi_period, 1, 100'000, "Length of the RSI.",
                     "bars")
              .sweep(7, 21, 7)
              .param("rsi_min", &MomentumMulti::rsi_min, -1'000'000, 1'000'000,
                     "Enters only with an RSI above this.")
              .sweep(30, 50, 5)
              .param("rsi_max", &MomentumMulti::rsi_max, -1'000'000, 1'000'000,
                     "Enters only with an RSI below this.")
              .sweep(50, 70, 5)
              .param("rsi_exit", &MomentumMulti::rsi_exit, -1'000'000, 1'000'000,
                     "Leaves a long at an RSI above this, a short at one below 100 minus this.")
              .sweep(60, 80, 5))
