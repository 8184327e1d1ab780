// Out of the range of the last bars: enters in the direction of a breakout, and leaves where the
// close falls out of a shorter range on the other side.
//
// Rule, at the close of each bar; a range is that of the bars before this one:
//   close above the highest high of `entry` bars: leave a short position, enter long;
//   close below the lowest low of `entry` bars: leave a long position, enter short;
//   long: close below the lowest low of `exit` bars: leave;
//   short: close above the highest high of `exit` bars: leave.
// With side = long or short only that side is entered, and a breakout on the other side changes
// nothing but what the exit says. A tie is no breakout.
// Size: the run's own (--size). Market orders at the next open.
#include <runledger/indicators/donchian.hpp>
#include <runledger/strategy.hpp>

namespace {

struct DonchianBreakout {
  unsigned entry = 20;
  unsigned exit = 10;
  runledger::Side side = runledger::Side::only_long;

  void on_start() {
    entry_ = runledger::Donchian(entry);
    exit_ = runledger::Donchian(exit);
  }

  void on_bar(const runledger::Step& step) {
    const runledger::Bar bar = step.bars().last();
    const auto entry_range = entry_.value();
    const auto exit_range = exit_.value();
    entry_.update(bar);
    exit_.update(bar);
    step.publish("entry_upper", entry_range.upper);
    step.publish("entry_lower", entry_range.lower);
    step.publish("exit_upper", exit_range.upper);
    step.publish("exit_lower", exit_range.lower);
    if (bar.close > entry_range.upper && side != runledger::Side::only_short) {
      step.enter_long("close above the range");
    } else if (bar.close < entry_range.lower && side != runledger::Side::only_long) {
      step.enter_short("close below the range");
    } else if ((step.position() > 0 && bar.close < exit_range.lower) ||
               (step.position() < 0 && bar.close > exit_range.upper)) {
      step.close("close out of the exit's range");
    }
  }

 private:
  runledger::Donchian entry_, exit_;
};

}  // namespace

RL_PLUGIN(runledger::Describe<DonchianBreakout>(
              "org.runledger.donchian_breakout", "1.0.0",
              "Enters with a close outside the range of the last bars and leaves with one outside "
              "a shorter range on the other side.")
              .title("Donchian breakout")
              .param("entry", &DonchianBreakout::entry, 1, 100'000,
                     "How many bars before this one a close must exceed to enter.", "bars")
              .sweep(5, 100, 5)
              .param("exit", &DonchianBreakout::exit, 1, 100'000,
                     "How many bars before this one a close must exceed to leave.", "bars")
              .sweep(3, 50, 1)
              .choice("side", &DonchianBreakout::side, {"long", "short", "both"},
                      "Which positions it enters."))
