#include "random_run.hpp"

#include <random>

namespace runledger::metrics_test {
namespace {

class Maker {
 public:
  explicit Maker(std::uint64_t seed) : chance_(seed) {}

  HandRun make() {
    const std::size_t bars = below(121);
    HandRun run(100 + static_cast<double>(below(1000)), std::vector<double>(bars));
    make_times(run);
    walk(run.close, 10);
    walk(run.result.equity, run.result.start_cash);
    if (bars > 0 && below(8) == 0) run.result.equity[below(bars)] = -1;
    if (below(2) == 0) run.account = AccountKind::reference;
    if (below(2) == 0) run.options.risk_free_rate = real(-.01, .1);
    if (below(2) == 0) run.options.minimum_return = real(0, .2);
    if (below(4) == 0) run.options.periods_per_year = real(1, 400);
    make_trades(run);
    make_fills(run);
    return run;
  }

 private:
  std::size_t below(std::size_t end) { return chance_() % end; }
  double real(double low, double high) {
    return low + (high - low) * static_cast<double>(chance_() >> 11) * 0x1p-53;
  }

  void make_times(HandRun& run) {
    constexpr std::array kIntervals{Interval{30, IntervalUnit::minute},
                                    Interval{6, IntervalUnit::hour}, Interval{1, IntervalUnit::day},
                                    Interval{1, IntervalUnit::week},
                                    Interval{1, IntervalUnit::month}};
    run.interval = kIntervals[below(kIntervals.size())];
    TimeNs time = static_cast<TimeNs>(below(20'000)) * kDayNs - 5'000 * kDayNs;
    for (std::size_t bar = 0; bar < run.label.size(); ++bar) {
      run.label[bar] = time;
      run.close_time[bar] = close_time(time, run.interval);
      time = run.close_time[bar];
      while (below(5) == 0) time = close_time(time, run.interval);
    }
  }

  void walk(std::vector<double>& values, double from) {
    const double stillness = below(3) == 0 ? 1.0 : real(0, .9);
    for (double& value : values) {
      if (real(0, 1) >= stillness) from *= 1 + real(-.05, .055);
      value = from;
    }
  }

  void make_trades(HandRun& run) {
    const std::size_t bars = run.label.size();
    for (std::size_t entry = below(10); entry < bars; entry += below(8)) {
      const std::size_t exit = entry + below(12);
      const bool open = exit >= bars;
      const double size = real(-5, 5);
      const double pnl = below(6) == 0 ? 0 : real(-1, 1.1) * (below(40) == 0 ? 500 : 5);
      run.result.trades.push_back({.entry_bar = entry,
                                   .entry_price = real(5, 20),
                                   .size = size,
                                   .exit_bar = open ? std::nullopt : std::optional(exit),
                                   .exit_price = open ? kNaN : real(5, 20),
                                   .pnl = open ? kNaN : pnl,
                                   .commission = 0});
      if (open) return;
      entry = exit;
    }
  }

  void make_fills(HandRun& run) {
    for (std::size_t bar = below(10); bar < run.label.size(); bar += below(15))
      run.fill(bar, below(4) == 0 ? 0 : real(-3, 3), real(5, 20), real(0, 1));
  }

  std::mt19937_64 chance_;
};

}  // namespace

HandRun random_run(std::uint64_t seed) { return Maker(seed).make(); }

}  // namespace runledger::metrics_test
