#include "base_series.hpp"

#include <algorithm>
#include <array>

#include <runledger/base/time.hpp>

namespace runledger {
namespace {

constexpr double kYearNs = 365.25 * static_cast<double>(kDayNs);

TimeNs day_of(TimeNs time) { return time / kDayNs - (time % kDayNs < 0 ? 1 : 0); }

Figure inferred_periods(std::span<const TimeNs> label) {
  if (label.size() < 2) return Figure::none(Undefined::too_short);
  const auto span = static_cast<double>(elapsed_ns(label.front(), label.back()));
  const double observed = static_cast<double>(label.size() - 1) * kYearNs / span;
  constexpr std::array kUsual{365.0, 252.0, 52.0, 12.0, 4.0, 1.0};
  const double nearest = *std::ranges::min_element(
      kUsual, {}, [&](double usual) { return std::abs(observed / usual - 1); });
  return Figure::of(std::abs(observed / nearest - 1) <= 0.05 ? nearest : observed);
}

// Divisions alone, which the compiler makes several at a time.
void fill_returns(std::span<const double> value, double* out) {
  for (std::size_t i = 1; i < value.size(); ++i) out[i - 1] = value[i] / value[i - 1] - 1;
}

// Positive at every bar is positive at every period, which need not be looked at then.
bool all_positive(const BaseSeries& series) {
  const auto positive = [](double value) { return value > 0; };
  return series.bar_equity().lowest > 0 || std::ranges::all_of(series.equity(), positive);
}

}  // namespace

BaseSeries::BaseSeries(const FinishedRun& run)
    : equity_(run.result.equity),
      close_(run.bars.close.first(run.bars_run())),
      label_(run.bars.label.first(run.bars_run())) {
  if (!equity_.empty()) bar_equity_ = summary_of(equity_);
  if (run.interval.intraday()) {
    for (std::size_t bar = 0; bar < run.bars_run(); ++bar) {
      const TimeNs day = day_of(label_[bar]) * kDayNs;
      if (own_label_.empty() || own_label_.back() != day) {
        own_equity_.push_back(equity_[bar]);
        own_close_.push_back(close_[bar]);
        own_label_.push_back(day);
      } else {
        own_equity_.back() = equity_[bar];
        own_close_.back() = close_[bar];
      }
    }
    equity_ = own_equity_;
    close_ = own_close_;
    label_ = own_label_;
  }
  periods_per_year_ = run.options.periods_per_year ? Figure::of(*run.options.periods_per_year)
                                                   : inferred_periods(label_);
}

Returns::Returns(const BaseSeries& series, double start_cash) {
  const std::span<const double> equity = series.equity();
  if (equity.size() < 2) {
    undefined_ = Undefined::too_few_returns;
  } else if (!(start_cash > 0) || !all_positive(series)) {
    undefined_ = Undefined::equity_not_positive;
  }
  if (undefined_ != Undefined::defined) return;
  size_ = equity.size();
  own_ = std::make_unique_for_overwrite<double[]>(size_);
  price_ = std::make_unique_for_overwrite<double[]>(size_ - 1);
  own_[0] = equity[0] / start_cash - 1;
  fill_returns(equity, &own_[1]);
  fill_returns(series.close(), price_.get());
  moments_ = moments_of(own());
}

}  // namespace runledger
