#include <algorithm>
#include <cmath>
#include <vector>

#include "../drawdown.hpp"
#include "../moments.hpp"
#include "sheet.hpp"

// empyrical-reloaded: its function names are the labels, fractions its units.
namespace runledger {
namespace {

// Mean of the floor((n - 1) * 5 %) + 1 lowest.
double lowest_mean(std::span<const double> returns) {
  std::vector<double> sorted(returns.begin(), returns.end());
  const auto count = static_cast<std::size_t>(static_cast<double>(returns.size() - 1) * 0.05) + 1;
  std::ranges::sort(sorted);
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += sorted[i];
  return sum / static_cast<double>(count);
}

double downside_risk(const Sheet& sheet, std::span<const double> returns) {
  const MetricOptions& options = sheet.run().options;
  const double minimum =
      rate_of_period(options.minimum_return.value_or(options.risk_free_rate), sheet.periods());
  const Sides sides = sides_of(returns, minimum);
  return std::sqrt(sides.below_squares / static_cast<double>(returns.size()) * sheet.periods());
}

// (1 + alpha a period)^A - 1.
Figure alpha(const Sheet& sheet) {
  const Figure yearly = sheet.own(Metric::alpha_pct);
  if (!yearly.defined()) return yearly;
  const double periods = sheet.periods();
  return Figure::of_growth(std::pow(1 + yearly.value / 100 / periods, periods) - 1);
}

}  // namespace

void add_empyrical(Sheet& sheet) {
  const Figure annual_return = scaled(sheet.own(Metric::return_ann_pct), 0.01);
  const Figure max_drawdown = sheet.max_drawdown();
  sheet.add("annual_return", "", annual_return);
  sheet.add("cum_returns_final", "", scaled(sheet.own(Metric::return_pct), 0.01));
  sheet.add("annual_volatility", "", scaled(sheet.own(Metric::volatility_ann_pct), 0.01));
  sheet.add("sharpe_ratio", "", sheet.own(Metric::sharpe_ratio));
  sheet.add("calmar_ratio", "", calmar_ratio(annual_return, max_drawdown));
  sheet.add("max_drawdown", "", scaled(max_drawdown, -1));
  sheet.add("omega_ratio", "", sheet.own(Metric::omega_ratio));
  sheet.add("sortino_ratio", "", sheet.own(Metric::sortino_ratio));
  sheet.add("downside_risk", "", sheet.of_returns([&](std::span<const double> returns) {
    return Figure::of(downside_risk(sheet, returns));
  }));
  sheet.add("tail_ratio", "", sheet.own(Metric::tail_ratio));
  sheet.add("value_at_risk", "", sheet.own(Metric::var_95));
  sheet.add("conditional_value_at_risk", "",
            sheet.of_returns([](std::span<const double> r) { return Figure::of(lowest_mean(r)); }));
  sheet.add("alpha", "", alpha(sheet));
  sheet.add("beta", "", sheet.own(Metric::beta));
}

}  // namespace runledger
