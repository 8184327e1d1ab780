#pragma once

#include <memory>
#include <span>
#include <vector>

#include "figure.hpp"
#include "lanes.hpp"
#include "moments.hpp"

namespace runledger {

// The series that every figure of returns is made from: equity at the close of each period, with
// the start cash before the first, so that the first return exists. A period is a bar; for bars
// shorter than a day it is a UTC day, whose bars are compounded.
//
// Ownership: what it does not have to make it borrows from the run.
class BaseSeries {
 public:
  explicit BaseSeries(const FinishedRun& run);

  // Periods.
  [[nodiscard]] std::size_t size() const { return equity_.size(); }
  // At each period's close.
  [[nodiscard]] std::span<const double> equity() const { return equity_; }
  [[nodiscard]] std::span<const double> close() const { return close_; }
  // Label of each period: the bar's, or midnight of the day.
  [[nodiscard]] std::span<const TimeNs> label() const { return label_; }

  // Of equity at the close of every bar run, not of the periods; zeros when there are none.
  [[nodiscard]] const Summary& bar_equity() const { return bar_equity_; }

  // A: periods a year. The options' own; else periods observed per 365.25 days, (n - 1) over the
  // time from the first label to the last, taken as the nearest of 365, 252, 52, 12, 4, 1 when
  // within 5 % of it. Undefined: fewer than two periods (too_short).
  [[nodiscard]] Figure periods_per_year() const { return periods_per_year_; }

 private:
  std::vector<double> own_equity_, own_close_;
  std::vector<TimeNs> own_label_;
  std::span<const double> equity_, close_;
  std::span<const TimeNs> label_;
  Summary bar_equity_;
  Figure periods_per_year_;
};

// Simple returns of a BaseSeries: own(i) = equity[i] / equity[i - 1] - 1, with the start cash as
// equity[-1], and of the price: price(i) = close[i] / close[i - 1] - 1. The price has no return in
// the first period, since what it was before the first bar is not known.
class Returns {
 public:
  Returns(const BaseSeries& series, double start_cash);

  // Why there are none; then both are empty and there are no moments. too_few_returns: fewer than
  // two periods. equity_not_positive: the start cash, or equity at the close of a period, is not.
  [[nodiscard]] Undefined undefined() const { return undefined_; }
  [[nodiscard]] std::span<const double> own() const { return {own_.get(), size_}; }
  // One less: price()[i] belongs to own()[i + 1].
  [[nodiscard]] std::span<const double> price() const {
    return {price_.get(), size_ == 0 ? 0 : size_ - 1};
  }
  // Of own().
  [[nodiscard]] const Moments& moments() const { return moments_; }

 private:
  std::size_t size_ = 0;
  std::unique_ptr<double[]> own_, price_;
  Moments moments_;
  Undefined undefined_ = Undefined::defined;
};

}  // namespace runledger
