#include <algorithm>
#include <array>

#include <runledger/base/check.hpp>
#include <runledger/metrics/compat.hpp>

#include "sheet.hpp"

namespace runledger {
namespace {

// In the order of Convention.
constexpr std::array<std::string_view, 4> kNames{"backtesting.py", "quantstats", "empyrical",
                                                 "lean"};

}  // namespace

Sheet::Sheet(const FinishedRun& run)
    : run_(run),
      series_(run),
      returns_(series_, run.result.start_cash),
      own_(compute_metrics(run)) {}

Figure Sheet::own(Metric key) const {
  const auto found = std::ranges::find(own_, key, &MetricFigure::key);
  RL_CHECK(found != own_.end());
  return {.value = found->value, .undefined = found->undefined};
}

double Sheet::risk_free() const { return rate_of_period(run_.options.risk_free_rate, periods()); }

std::vector<Episode> Sheet::episodes() const {
  std::vector<double> curve{run_.result.start_cash};
  curve.insert(curve.end(), series_.equity().begin(), series_.equity().end());
  return episodes_of(curve);
}

Figure Sheet::max_drawdown() const {
  return of_returns([&](std::span<const double>) { return Figure::of(deepest(episodes())); });
}

std::span<const std::string_view> convention_names() { return kNames; }

std::optional<Convention> parse_convention(std::string_view name) {
  const auto found = std::ranges::find(kNames, name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Convention>(found - kNames.begin());
}

std::vector<CompatFigure> compat_metrics(const FinishedRun& run, Convention convention) {
  // No tool counts a trade of zero pnl as a win, whatever the account.
  FinishedRun plain = run;
  plain.account = AccountKind::standard;
  Sheet sheet(plain);
  switch (convention) {
    case Convention::backtesting_py:
      add_backtesting_py(sheet);
      break;
    case Convention::quantstats:
      add_quantstats(sheet);
      break;
    case Convention::empyrical:
      add_empyrical(sheet);
      break;
    case Convention::lean:
      add_lean(sheet);
      break;
  }
  return sheet.take();
}

}  // namespace runledger
