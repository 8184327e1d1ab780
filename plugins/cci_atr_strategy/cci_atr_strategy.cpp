// Out of an extreme while the market wakes up: enters where the commodity channel index comes back
// from an extreme and the average true range grows.
//
// Rule, with e = cci_entry (by default -100) and x = cci_exit; a rule needs its values on both
// bars:
//   flat: CCI above e, not above it on the bar before, ATR above its last value: buy;
//         else CCI below -e, not below it on the bar before, ATR above its last value: sell short;
//   long: CCI below x, not below it on the bar before: leave;
//   short: CCI above -x, not above it on the bar before: leave.
// Which exit applies follows from the last order that was issued, carried out or not: after an
// exit that was refused the position stays to the end.
// Size: the run's own (--size). Market orders at the next open.
#include <runledger/indicators/atr.hpp>
#include <runledger/indicators/cci.hpp>
#include <runledger/strategy.hpp>

namespace {

struct CciAtr {
  unsigned cci_period = 20;
  int cci_entry = -100;
  int cci_exit = 100;
  unsigned atr_period = 14;

  void on_start() {
    cci_ = runledger::Cci(cci_period);
    atr_ = runledger::Atr(atr_period);
  }

  void on_bar(const runledger::Step& step) {
    const runledger::Bar bar = step.bars().last();
    const double before = cci_.value();
    const double now = cci_.update(bar);
    const double range_before = atr_.value();
    const double range = atr_.update(bar);
    step.publish("cci", now);
    step.publish("atr", range);
    const auto rises_over = [&](int level) { return now > level && before <= level; };
    const auto falls_under = [&](int level) { return now < level && before >= level; };
    if (step.position() == 0) {
      if (rises_over(cci_entry) && range > range_before) {
        side_ = 1;
        step.enter_long("back from below, range grows");
      } else if (falls_under(-cci_entry) && range > range_before) {
        side_ = -1;
        step.enter_short("back from above, range grows");
      }
    } else if ((side_ == 1 && falls_under(cci_exit)) || (side_ == -1 && rises_over(-cci_exit))) {
      side_ = 0;
      step.close("back from the other extreme");
    }
  }

 private:
  runledger::Cci cci_;
  runledger::Atr atr_;
  int side_ = 0;  // of the last entry that was issued; 0 after an exit
};

}  // namespace

RL_PLUGIN(runledger::Describe<CciAtr>(
              "org.runledger.cci_atr_strategy", "1.0.0",
              "Enters where the commodity channel index comes back from an extreme while the true "
              "range grows.")
              .title("CCI with growing range")
              .param("cci_period", &CciAtr::cci_period, 1, 100'000,
                     "Length of the commodity channel index.", "bars")
              .sweep(10, 30, 5)
              .param("cci_entry", &CciAtr::cci_entry, -1'000'000, 1'000'000,
                     "Level to enter at: long on the way up through it, short on the way down "
                     "through its negative.")
              .sweep(-150, -50, 25)
              .param("cci_exit", &CciAtr::cci_exit, -1'000'000, 1'000'000,
                     "Level to leave at: a long on the way down through it, a short on the way up "
                     "through its negative.")
              .sweep(50, 150, 25)
              .param("atr_period", &CciAtr::atr_period, 1, 100'000,
                     "Length of the average true range.", "bars")
              .sweep(7, 21, 7))
