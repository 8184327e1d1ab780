#pragma once

#include <optional>
#include <string>
#include <vector>

#include <runledger/app/runs.hpp>

namespace runledger::app {

// Figures that no run records: they are made from a recorded run whenever somebody looks. What is
// recorded is never changed by them.

// The conventions of other tools: `backtesting.py`, ... core/metrics/METRICS.md says how they
// differ.
std::vector<std::string> figure_conventions();

// As typed. Absent: ours, rates of 0, periods as inferred.
struct FigureRequest {
  std::optional<std::string> convention = {};
  std::optional<std::string> risk_free_rate = {}, minimum_return = {};  // a year; 0.02: two percent
  std::optional<std::string> periods_per_year = {};

  [[nodiscard]] bool asks() const {
    return convention || risk_free_rate || minimum_return || periods_per_year;
  }
};

struct Figures {
  std::string convention;  // empty: ours
  double risk_free_rate = 0, minimum_return = 0;
  std::optional<double> periods_per_year;
  // Under the convention and rates. A convention's have its labels as names, and `days` and `time`
  // (seconds since 1970, UTC) as units too.
  std::vector<MetricDetail> figures;
  std::vector<MetricDetail> buy_and_hold;  // ours, under the same rates
};
// Errors: those of recompute(); invalid_input (a convention or rate that is none).
Result<Figures> measure(const Context& context, Seq id, const FigureRequest& request);

// Ours, of having bought at the run's first close with all of its start cash and held to its last
// one: result, risk and drawdown. The dataset is enough for it, unless the run went bankrupt and so
// ended before its bars did. Errors: as above.
Result<std::vector<MetricDetail>> buy_and_hold(const Context& context, const RunDetail& run);

}  // namespace runledger::app
