// Two modes by the strength of the trend: with a strong one it buys where a short mean crosses a
// long one, else where the close falls through its lower Bollinger band. Long only.
//
// Rule, from the first bar on which each mean and band crossing and the ADX (14) is defined, and
// not before bar 50, the first being 0. It goes by its own mode, never by the position:
//   out, and the ADX of the bar before at adx_threshold or above: the short mean crosses the long
//         one upwards: buy, mode trend;
//   out otherwise: the close crosses the bottom band downwards: buy, mode range;
//   trend: the short mean crosses the long one downwards: leave, mode out;
//   range: the close crosses the middle band upwards: leave, mode out.
// The mode changes when the order is issued: after a purchase that was refused it waits for the
// exit's signal without a position.
// Size: the run's own (--size). Market orders at the next open.
#include <cstddef>
#include <cstdint>

#include <runledger/indicators/adx.hpp>
#include <runledger/indicators/bollinger.hpp>
#include <runledger/indicators/cross_over.hpp>
#include <runledger/indicators/sma.hpp>
#include <runledger/strategy.hpp>

namespace {

constexpr std::size_t kFirstBar = 50;

struct AdxStrategy {
  unsigned ma_short_period = 20;
  unsigned ma_long_period = 50;
  unsigned boll_period = 14;
  int adx_threshold = 25;

  void on_start() {
    short_ = runledger::Sma(ma_short_period);
    long_ = runledger::Sma(ma_long_period);
    bands_ = runledger::Bollinger(boll_period, 2);
  }

  void on_bar(const runledger::Step& step) {
    const runledger::Bar bar = step.bars().last();
    const double strength_before = adx_.value().adx;
    const double strength = adx_.update(bar).adx;
    const double short_mean = short_.update(bar.close);
    const double long_mean = long_.update(bar.close);
    const auto [middle, top, bottom] = bands_.update(bar.close);
    means_cross_.update(short_mean, long_mean);
    bottom_cross_.update(bar.close, bottom);
    middle_cross_.update(bar.close, middle);
    step.publish("adx", strength);
    step.publish("short", short_mean);
    step.publish("long", long_mean);
    step.publish("middle", middle);
    step.publish("top", top);
    step.publish("bottom", bottom);
    if (step.bars().size() <= kFirstBar || !means_cross_.ready() || !middle_cross_.ready()) return;
    act(step, strength_before >= adx_threshold);
  }

 private:
  enum class Mode : std::uint8_t { out, trend, range };

  void act(const runledger::Step& step, bool is_strong) {
    if (mode_ == Mode::out && is_strong && means_cross_.value() == 1) {
      mode_ = Mode::trend;
      step.enter_long("short mean above the long one");
    } else if (mode_ == Mode::out && !is_strong && bottom_cross_.value() == -1) {
      mode_ = Mode::range;
      step.enter_long("close below the bottom band");
    } else if (mode_ == Mode::trend && means_cross_.value() == -1) {
      mode_ = Mode::out;
      step.close("short mean below the long one");
    } else if (mode_ == Mode::range && middle_cross_.value() == 1) {
      mode_ = Mode::out;
      step.close("close above the middle");
    }
  }

  runledger::Adx adx_{14};
  runledger::Sma short_, long_;
  runledger::Bollinger bands_;
  runledger::CrossOver means_cross_, bottom_cross_, middle_cross_;
  Mode mode_ = Mode::out;
};

}  // namespace

RL_PLUGIN(runledger::Describe<AdxStrategy>(
              "org.runledger.adx_strategy", "1.0.0",
              "Follows a cross of two means while the trend is strong, and buys below the lower "
              "Bollinger band while it is not.")
              .title("ADX: trend or range")
              .param("ma_short_period", &AdxStrategy::ma_short_period, 1, 100'000,
                     "Length of the short mean.", "bars")
              .sweep(10, 30, 5)
              .param("ma_long_period", &AdxStrategy::ma_long_period, 1, 100'000,
                     "Length of the long mean.", "bars")
              .sweep(30, 100, 10)
              .param("boll_period", &AdxStrategy::boll_period, 1, 100'000,
                     "Length of the bands, which lie 2 deviations from their middle.", "bars")
              .sweep(10, 20, 5)
              .param("adx_threshold", &AdxStrategy::adx_threshold, -1'000'000, 1'000'000,
                     "The trend is strong from this ADX on, of 0 to 100.")
              .sweep(20, 30, 5))
