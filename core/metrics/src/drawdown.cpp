#include "drawdown.hpp"

#include <algorithm>
#include <cmath>

#include <runledger/base/time.hpp>

namespace runledger {
namespace {

// Walks along the curve; what is said of a drawdown is added up when it ends.
class Walk {
 public:
  explicit Walk(const FinishedRun& run) : run_(run), peak_(run.result.start_cash) {}

  void at(std::size_t bar) {
    const double value = run_.result.equity[bar];
    if (value >= peak_) {
      if (below_) end_drawdown(bar, true);
      peak_ = value;
      peak_bar_ = bar + 1;
      return;
    }
    if (!below_) {
      below_ = true;
      lowest_ = value;
      scale_ = 100 / peak_;
    }
    lowest_ = std::min(lowest_, value);
    const double depth = (peak_ - value) * scale_;
    squares_ += depth * depth;
  }

  void end_drawdown(std::size_t bar, bool recovered) {
    const double depth = 100 * (peak_ - lowest_) / peak_;
    deepest_ = std::max(deepest_, depth);
    depths_ += depth;
    money_ = std::max(money_, peak_ - lowest_);
    const TimeNs from = peak_bar_ == 0 ? run_.bars.label[0] : run_.bars.close_time[peak_bar_ - 1];
    const std::uint64_t time = elapsed_ns(from, run_.bars.close_time[bar]);
    if (time > longest_) unrecovered_ = !recovered;
    longest_ = std::max(longest_, time);
    times_ += static_cast<double>(time);
    const std::size_t bars = bar + 1 - peak_bar_;
    most_bars_ = std::max(most_bars_, bars);
    bars_ += static_cast<double>(bars);
    ++count_;
    below_ = false;
  }

  [[nodiscard]] DrawdownFigures figures() {
    const std::size_t bars_run = run_.bars_run();
    if (below_) end_drawdown(bars_run - 1, false);
    constexpr auto kSeconds = static_cast<double>(kSecondNs);
    const auto mean = [&](double sum) {
      return count_ == 0 ? Figure::none(Undefined::no_drawdown) : Figure::of(sum / count_);
    };
    const auto percent = [&](Figure figure) {
      return run_.result.start_cash > 0 ? figure : Figure::none(Undefined::equity_not_positive);
    };
    return {.max_drawdown = percent(Figure::of(deepest_)),
            .max_drawdown_money = Figure::of(money_),
            .avg_drawdown = percent(mean(depths_)),
            .max_drawdown_duration = Figure::of(static_cast<double>(longest_) / kSeconds),
            .avg_drawdown_duration = scaled(mean(times_), 1 / kSeconds),
            .max_drawdown_bars = Figure::of(static_cast<double>(most_bars_)),
            .avg_drawdown_bars = mean(bars_),
            .unrecovered = Figure::of(unrecovered_ ? 1 : 0),
            .ulcer_index =
                bars_run == 0
                    ? Figure::none(Undefined::too_short)
                    : percent(Figure::of(std::sqrt(squares_ / static_cast<double>(bars_run))))};
  }

 private:
  const FinishedRun& run_;
  double peak_;
  std::size_t peak_bar_ = 0;  // the bar after the peak's close; 0: the start cash
  bool below_ = false;
  double lowest_ = 0, scale_ = 0;
  double deepest_ = 0, money_ = 0, squares_ = 0;
  std::uint64_t longest_ = 0;
  std::size_t most_bars_ = 0;
  bool unrecovered_ = false;
  double depths_ = 0, times_ = 0, bars_ = 0, count_ = 0;
};

}  // namespace

DrawdownFigures drawdown_figures(const FinishedRun& run) {
  Walk walk(run);
  for (std::size_t bar = 0; bar < run.bars_run(); ++bar) walk.at(bar);
  return walk.figures();
}

Figure calmar_ratio(const Figure& cagr_pct, const Figure& max_drawdown) {
  if (max_drawdown.defined() && max_drawdown.value == 0)
    return Figure::none(cagr_pct.defined() ? Undefined::no_drawdown : cagr_pct.undefined);
  return quotient(cagr_pct, max_drawdown);
}

}  // namespace runledger
