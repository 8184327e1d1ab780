// Two crosses that must both stand: a triple exponential mean of the closes over that of the opens,
// and the MACD over its signal.
//
// Rule, from the bar after all lines' first on. There are four latches, two for each side: one for
// the cross of the means, one for the MACD's. On each bar, first, a cross against a latch's
// direction drops it. Then,
//   flat: a cross of the means upwards sets the first latch for longs; a MACD cross upwards sets
//         the second if the first is set (by now); with both: buy.
//         Without: a cross of the means downwards sets the first latch for shorts. Then, bought or
//         not: a MACD cross downwards sets the second if the first is set; with both: sell short.
//   long: one of its two latches is not set: leave;
//   short: likewise.
// Latches are set only while flat, and kept after an exit: one new cross can then be enough. Which
// exit applies follows from the last order that was issued, carried out or not.
// Size: the run's own (--size). Market orders at the next open.
#include <runledger/indicators/cross_over.hpp>
#include <runledger/indicators/ema.hpp>
#include <runledger/indicators/macd.hpp>
#include <runledger/strategy.hpp>

namespace {

struct TemaMacd {
  unsigned macd1 = 12;
  unsigned macd2 = 26;
  unsigned macdsig = 9;
  unsigned tema_period = 12;

  void on_start() {
    macd_ = runledger::Macd({.fast = macd1, .slow = macd2, .signal = macdsig});
    of_opens_ = runledger::Tema(tema_period);
    of_closes_ = runledger::Tema(tema_period);
  }

  void on_bar(const runledger::Step& step) {
    const runledger::Bar bar = step.bars().last();
    const auto [macd, signal] = macd_.update(bar.close);
    const double of_opens = of_opens_.update(bar.open);
    const double of_closes = of_closes_.update(bar.close);
    macd_cross_.update(macd, signal);
    tema_cross_.update(of_closes, of_opens);
    step.publish("macd", macd);
    step.publish("signal", signal);
    step.publish("histogram", macd - signal);
    step.publish("tema_open", of_opens);
    step.publish("tema_close", of_closes);
    if (!macd_cross_.ready() || !tema_cross_.ready()) return;
    drop_latches();
    if (step.position() == 0) {
      enter(step);
    } else if ((side_ == 1 && !long_.both()) || (side_ == -1 && !short_.both())) {
      side_ = 0;
      step.close("a cross the other way");
    }
  }

 private:
  struct Latches {
    bool tema = false, macd = false;
    [[nodiscard]] bool both() const { return tema && macd; }
  };

  void drop_latches() {
    if (tema_cross_.value() == -1) long_.tema = false;
    if (macd_cross_.value() == -1) long_.macd = false;
    if (tema_cross_.value() == 1) short_.tema = false;
    if (macd_cross_.value() == 1) short_.macd = false;
  }

  void enter(const runledger::Step& step) {
    if (tema_cross_.value() == 1) long_.tema = true;
    if (macd_cross_.value() == 1 && long_.tema) long_.macd = true;
    if (long_.both()) {
      side_ = 1;
      step.enter_long("both crossed upwards");
    } else if (tema_cross_.value() == -1) {
      short_.tema = true;
    }
    if (macd_cross_.value() == -1 && short_.tema) short_.macd = true;
    if (short_.both()) {
      side_ = -1;
      step.enter_short("both crossed downwards");
    }
  }

  runledger::Macd macd_;
  runledger::Tema of_opens_, of_closes_;
  runledger::CrossOver macd_cross_, tema_cross_;
  Latches long_, short_;
  int side_ = 0;  // of the last entry that was issued; 0 after an exit
};

}  // namespace

RL_PLUGIN(
    runledger::Describe<TemaMacd>(
        "org.runledger.tema_macd_strategy", "1.0.0",
        "Enters where a triple exponential mean of the closes has crossed that of the opens "
        "and the MACD its signal, the same way.")
        .title("TEMA and MACD")
        .param("macd1", &TemaMacd::macd1, 1, 100'000, "Length of the MACD's fast mean.", "bars")
        .sweep(8, 16, 2)
        .param("macd2", &TemaMacd::macd2, 1, 100'000, "Length of the MACD's slow mean.", "bars")
        .sweep(20, 30, 2)
        .param("macdsig", &TemaMacd::macdsig, 1, 100'000, "Length of the MACD's signal.", "bars")
        .sweep(5, 13, 2)
        .param("tema_period", &TemaMacd::tema_period, 1, 100'000,
               "Length of both triple exponential means.", "bars")
        .sweep(8, 20, 4))
