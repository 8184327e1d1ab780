// Two moving averages: in the direction of the fast one whenever it crosses the slow one.
//
// Rule, at the close of each bar on which both means are defined, and were on the bar before:
//   fast above slow, and not above on the bar before: leave a short position, enter long;
//   fast below slow, and not below on the bar before: leave a long position, enter short.
// With side = long or short only that side is entered. A tie changes nothing.
// Size: the run's own (--size). Market orders at the next open.
#include <limits>
#include <stdexcept>
#include <utility>

#include <runledger/indicators/sma.hpp>
#include <runledger/strategy.hpp>

namespace {

struct SmaCross {
  unsigned fast = 10;
  unsigned slow = 30;
  runledger::Side side = runledger::Side::both;

  void check() const {
    if (fast >= slow) throw std::invalid_argument("fast must be smaller than slow");
  }

  void on_start() {
    fast_mean_ = runledger::Sma(fast);
    slow_mean_ = runledger::Sma(slow);
  }

  void on_bar(const runledger::Step& step) {
    const double close = step.bars().close.back();
    const double fast_now = fast_mean_.update(close);
    const double slow_now = slow_mean_.update(close);
    step.publish("fast", fast_now);
    step.publish("slow", slow_now);
    const double before = std::exchange(lead_, fast_now - slow_now);
    if (lead_ > 0 && before <= 0) turn_long(step, side, "fast above slow");
    if (lead_ < 0 && before >= 0) turn_short(step, side, "fast below slow");
  }

 private:
  runledger::Sma fast_mean_, slow_mean_;
  double lead_ = std::numeric_limits<double>::quiet_NaN();  // of the fast mean
};

}  // namespace

RL_PLUGIN(runledger::Describe<SmaCross>("org.runledger.sma_cross", "1.0.0",
                                        "Long while the fast mean lies above the slow one, short "
                                        "while it lies below; changes on a cross.")
              .title("SMA cross")
              .param("fast", &SmaCross::fast, 1, 100'000, "Length of the fast mean.", "bars")
              .sweep(2, 100, 1)
              .param("slow", &SmaCross::slow, 1, 100'000, "Length of the slow mean.", "bars")
              .sweep(3, 300, 5)
              .choice("side", &SmaCross::side, {"long", "short", "both"},
                      "Which positions it enters."))
