#include "drawdown.hpp"

#include <algorithm>

#include <runledger/base/time.hpp>

namespace runledger {

DrawdownFigures drawdown_figures(const FinishedRun& run) {
  const std::vector<double>& equity = run.result.equity;
  const std::span<const TimeNs> close_time = run.bars.close_time;
  double peak = run.result.start_cash;
  const bool has_percent = peak > 0;
  TimeNs peak_time = equity.empty() ? 0 : run.bars.label[0];
  std::uint64_t longest = 0;
  double percent = 0;
  double money = 0;
  bool below = false;
  for (std::size_t bar = 0; bar < equity.size(); ++bar) {
    const double value = equity[bar];
    if (value >= peak) {
      if (below) longest = std::max(longest, elapsed_ns(peak_time, close_time[bar]));
      below = false;
      peak = value;
      peak_time = close_time[bar];
    } else {
      below = true;
      percent = std::max(percent, 100 * (peak - value) / peak);
      money = std::max(money, peak - value);
    }
  }
  if (below) longest = std::max(longest, elapsed_ns(peak_time, close_time[equity.size() - 1]));
  return {.max_drawdown =
              has_percent ? Figure::of(percent) : Figure::none(Undefined::equity_not_positive),
          .max_drawdown_money = Figure::of(money),
          .max_drawdown_duration =
              Figure::of(static_cast<double>(longest) / static_cast<double>(kSecondNs))};
}

}  // namespace runledger
