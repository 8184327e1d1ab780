#pragma once

#include <span>
#include <vector>

#include <runledger/metrics/compat.hpp>

#include "../base_series.hpp"
#include "episodes.hpp"

namespace runledger {

// What every convention starts from, and the figures that it has said so far.
class Sheet {
 public:
  explicit Sheet(const FinishedRun& run);

  void add(std::string_view label, std::string_view unit, const Figure& figure) {
    figures_.push_back({label, unit, figure.value, figure.undefined});
  }
  [[nodiscard]] std::vector<CompatFigure> take() { return std::move(figures_); }

  [[nodiscard]] const FinishedRun& run() const { return run_; }
  [[nodiscard]] const BaseSeries& series() const { return series_; }
  [[nodiscard]] const Returns& returns() const { return returns_; }
  // Of metric_table(), where a tool means the same.
  [[nodiscard]] Figure own(Metric key) const;
  // A of this program; what tools take as an argument.
  [[nodiscard]] double periods() const { return series_.periods_per_year().value; }
  // The options' rates a period.
  [[nodiscard]] double risk_free() const;
  // Times under water of the periods' equity with the start cash before it, whose label is the
  // first.
  [[nodiscard]] std::vector<Episode> episodes() const;
  // The greatest of their depths, as a fraction. Undefined: as the returns.
  [[nodiscard]] Figure max_drawdown() const;
  // f(returns), undefined as the returns are.
  template <class F>
  [[nodiscard]] Figure of_returns(F&& f) const {
    return returns_.undefined() == Undefined::defined ? Figure(f(returns_.own()))
                                                      : Figure::none(returns_.undefined());
  }

 private:
  const FinishedRun& run_;
  BaseSeries series_;
  Returns returns_;
  std::vector<MetricFigure> own_;
  std::vector<CompatFigure> figures_;
};

void add_backtesting_py(Sheet& sheet);
void add_quantstats(Sheet& sheet);
void add_empyrical(Sheet& sheet);
void add_lean(Sheet& sheet);

}  // namespace runledger
