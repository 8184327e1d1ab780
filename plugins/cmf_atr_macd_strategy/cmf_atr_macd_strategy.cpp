// MACD crosses that the flow of money confirms, with a stop and a target in average true ranges.
// Needs volume: without it nothing is traded.
//
// Rule, from the bar after the signal's first on which the money flow (20) and the ATR are defined:
//   flat: MACD and signal both above 0: MACD crosses its signal upwards, money flow above 0: buy;
//         both below 0: MACD crosses downwards, money flow below 0: sell short;
//   not flat, on the close, each in turn, for every side whose flag is raised:
//         a long at its target or above; at its stop or below; a short at its target or below; at
//         its stop or above: drop the flag, and leave at the next open.
// An entry raises its side's flag and sets its levels from the signal's own bar, when it is issued:
// the stop atrdist ranges away from the close, the target twice that. After a purchase that was
// refused its levels stay, and may end a later short. When both sides' levels are hit on one bar,
// two orders leave, each with the whole size: the second opens the opposite position.
// Size: the run's own (--size). Market orders at the next open.
#include <runledger/indicators/atr.hpp>
#include <runledger/indicators/cmf.hpp>
#include <runledger/indicators/cross_over.hpp>
#include <runledger/indicators/macd.hpp>
#include <runledger/strategy.hpp>

namespace {

struct CmfAtrMacd {
  unsigned macd1 = 12;
  unsigned macd2 = 26;
  unsigned macdsig = 9;
  unsigned atrperiod = 14;
  double atrdist = 2.0;

  void on_start() {
    macd_ = runledger::Macd({.fast = macd1, .slow = macd2, .signal = macdsig});
    range_ = runledger::Atr(atrperiod);
  }

  void on_bar(const runledger::Step& step) {
    warn_without_volume(step);
    const runledger::Bar bar = step.bars().last();
    const auto [macd, signal] = macd_.update(bar.close);
    cross_.update(macd, signal);
    range_.update(bar);
    flow_.update(bar);
    step.publish("macd", macd);
    step.publish("signal", signal);
    step.publish("histogram", macd - signal);
    step.publish("atr", range_.value());
    step.publish("cmf", flow_.value());
    if (!cross_.ready() || !range_.ready() || !flow_.ready()) return;
    if (step.position() == 0) {
      enter(step, bar.close);
    } else {
      leave(step, bar.close);
    }
  }

 private:
  void enter(const runledger::Step& step, double close) {
    const auto [macd, signal] = macd_.value();
    const double distance = range_.value() * atrdist;
    if (macd > 0 && signal > 0) {
      if (cross_.value() != 1 || !(flow_.value() > 0)) return;
      long_ = {.is_raised = true, .stop = close - distance, .target = close + 2 * distance};
      step.enter_long("MACD above its signal, money flows in");
    } else if (macd < 0 && signal < 0) {
      if (cross_.value() != -1 || !(flow_.value() < 0)) return;
      short_ = {.is_raised = true, .stop = close + distance, .target = close - 2 * distance};
      step.enter_short("MACD below its signal, money flows out");
    }
  }

  void leave(const runledger::Step& step, double close) {
    const auto leave_when = [&](Levels& side, bool is_hit, const char* reason) {
      if (!side.is_raised || !is_hit) return;
      side.is_raised = false;
      step.close(reason);
    };
    leave_when(long_, close >= long_.target, "target of a long");
    leave_when(long_, close <= long_.stop, "stop of a long");
    leave_when(short_, close <= short_.target, "target of a short");
    leave_when(short_, close >= short_.stop, "stop of a short");
  }

  struct Levels {
    bool is_raised = false;
    double stop = 0, target = 0;
  };

  runledger::Macd macd_;
  runledger::CrossOver cross_;
  runledger::Atr range_;
  runledger::Cmf flow_{20};
  Levels long_, short_;
};

}  // namespace

RL_PLUGIN(
    runledger::Describe<CmfAtrMacd>(
        "org.runledger.cmf_atr_macd_strategy", "1.0.0",
        "Enters with a MACD cross that the Chaikin money flow confirms; stop and target lie "
        "average true ranges away.")
        .title("MACD with money flow, stop and target")
        .param("macd1", &CmfAtrMacd::macd1, 1, 100'000, "Length of the MACD's fast mean.", "bars")
        .sweep(8, 16, 2)
        .param("macd2", &CmfAtrMacd::macd2, 1, 100'000, "Length of the MACD's slow mean.", "bars")
        .sweep(20, 30, 2)
        .param("macdsig", &CmfAtrMacd::macdsig, 1, 100'000, "Length of the MACD's signal.", "bars")
        .sweep(5, 13, 2)
        .param("atrperiod", &CmfAtrMacd::atrperiod, 1, 100'000, "Length of the average true range.",
               "bars")
        .sweep(7, 21, 7)
        .param("atrdist", &CmfAtrMacd::atrdist, -1e6, 1e6,
               "Distance of the stop in average true ranges; the target is twice as far.", "ranges")
        .sweep(1.0, 3.0, 0.5))
