// Two triple exponential means: in the direction of the short one where it crosses the long one on
// more than the usual volume. Needs volume: without it nothing is traded.
//
// Rule, from the bar after both means' first and the volume's mean's first on:
//   flat and the volume above its mean: the short mean crosses the long one upwards: buy;
//         downwards: sell short;
//   long: the short mean crosses the long one downwards: leave;
//   short: it crosses upwards: leave.
// Which exit applies follows from the last order that was issued, carried out or not: after an
// exit that was refused the position stays to the end.
// Size: the run's own (--size). Market orders at the next open.
#include <runledger/indicators/cross_over.hpp>
#include <runledger/indicators/ema.hpp>
#include <runledger/indicators/sma.hpp>
#include <runledger/strategy.hpp>

namespace {

struct TemaCrossover {
  unsigned tema_short_period = 20;
  unsigned tema_long_period = 60;
  unsigned volume_period = 14;

  void on_start() {
    short_ = runledger::Tema(tema_short_period);
    long_ = runledger::Tema(tema_long_period);
    usual_volume_ = runledger::Sma(volume_period);
  }

  void on_bar(const runledger::Step& step) {
    warn_without_volume(step);
    const runledger::Bar bar = step.bars().last();
    const double short_mean = short_.update(bar.close);
    const double long_mean = long_.update(bar.close);
    const double usual_volume = usual_volume_.update(bar.volume);
    const int crossed = cross_.update(short_mean, long_mean);
    step.publish("short", short_mean);
    step.publish("long", long_mean);
    step.publish("usual_volume", usual_volume);
    if (step.position() == 0) {
      if (bar.volume > usual_volume && crossed == 1) {
        side_ = 1;
        step.enter_long("short mean above the long one, on volume");
      } else if (bar.volume > usual_volume && crossed == -1) {
        side_ = -1;
        step.enter_short("short mean below the long one, on volume");
      }
    } else if (side_ != 0 && crossed == -side_) {
      side_ = 0;
      step.close("the means crossed back");
    }
  }

 private:
  runledger::Tema short_, long_;
  runledger::Sma usual_volume_;
  runledger::CrossOver cross_;
  int side_ = 0;  // of the last entry that was issued; 0 after an exit
};

}  // namespace

RL_PLUGIN(runledger::Describe<TemaCrossover>(
              "org.runledger.tema_crossover_strategy", "1.0.0",
              "Enters where a short triple exponential mean crosses a long one on more than the "
              "usual volume.")
              .title("TEMA crossover")
              .param("tema_short_period", &TemaCrossover::tema_short_period, 1, 100'000,
                     "Length of the short mean.", "bars")
              .sweep(10, 30, 5)
              .param("tema_long_period", &TemaCrossover::tema_long_period, 1, 100'000,
                     "Length of the long mean.", "bars")
              .sweep(40, 80, 10)
              .param("volume_period", &TemaCrossover::volume_period, 1, 100'000,
                     "Length of the mean of the volume.", "bars")
              .sweep(7, 21, 7))
