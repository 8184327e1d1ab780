// Back to the middle: buys where the RSI falls below a lower level, and leaves where it rises above
// an upper one.
//
// Rule, at the close of each bar on which the RSI is defined, and was on the bar before:
//   RSI below lower, and not below on the bar before: leave a short position, enter long;
//   RSI above upper, and not above on the bar before: leave a long position, enter short.
// With side = long or short only that side is entered. A tie changes nothing.
// The RSI is Wilder's; prices that stand still give 50.
// Size: the run's own (--size). Market orders at the next open.
#include <runledger/indicators/rsi.hpp>
#include <runledger/strategy.hpp>

namespace {

struct RsiReversion {
  unsigned period = 14;
  double lower = 30;
  double upper = 70;
  runledger::Side side = runledger::Side::only_long;

  void on_start() { rsi_ = runledger::Rsi(period); }

  void on_bar(const runledger::Step& step) {
    const double before = rsi_.value();
    const double now = rsi_.update(step.bars().close.back());
    step.publish("rsi", now);
    if (now < lower && before >= lower) turn_long(step, side, "RSI below the lower level");
    if (now > upper && before <= upper) turn_short(step, side, "RSI above the upper level");
  }

 private:
  runledger::Rsi rsi_;
};

}  // namespace

RL_PLUGIN(runledger::Describe<RsiReversion>(
              "org.runledger.rsi_reversion", "1.0.0",
              "Buys where the RSI falls below a lower level and leaves above an upper one.")
              .title("RSI reversion")
              .param("period", &RsiReversion::period, 1, 100'000, "Length of the RSI.", "bars")
              .sweep(2, 50, 1)
              .param("lower", &RsiReversion::lower, 0, 100,
                     "Level to buy below; the RSI goes from 0 to 100.")
              .sweep(5, 45, 5)
              .param("upper", &RsiReversion::upper, 0, 100, "Level to leave, or sell short, above.")
              .sweep(55, 95, 5)
              .choice("side", &RsiReversion::side, {"long", "short", "both"},
                      "Which positions it enters."))
