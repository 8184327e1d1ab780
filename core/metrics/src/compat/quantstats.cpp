#include <cmath>

#include <runledger/base/time.hpp>

#include "../drawdown.hpp"
#include "../moments.hpp"
#include "sheet.hpp"

// quantstats: the rows of its report, of period returns; trades are unknown to it.
namespace runledger {
namespace {

constexpr double kNormalQuantile = -1.6448536269514722;

// Gains and losses of the periods; those in which nothing happened count for neither.
struct Days {
  double gains = 0, gained = 0, losses = 0, lost = 0;
};

Days days_of(std::span<const double> returns) {
  Days days;
  for (const double value : returns) {
    if (value > 0) {
      ++days.gains;
      days.gained += value;
    } else if (value < 0) {
      ++days.losses;
      days.lost -= value;
    }
  }
  return days;
}

Figure against_losses(const Days& days, double value) {
  return days.losses == 0 ? Figure::none(Undefined::no_return_below) : Figure::of(value);
}

// Rounded up to a whole percent.
Figure time_in_market(std::span<const double> returns) {
  const Days days = days_of(returns);
  return Figure::of(
      std::ceil((days.gains + days.losses) / static_cast<double>(returns.size()) * 100));
}

double gaussian_var(const Moments& moments) {
  return moments.mean + kNormalQuantile * moments.deviation();
}

// Mean of the returns below the Gaussian value at risk; that itself when there is none.
Figure expected_shortfall(std::span<const double> returns, double value_at_risk) {
  double sum = 0;
  double count = 0;
  for (const double value : returns) {
    if (!(value < value_at_risk)) continue;
    sum += value;
    ++count;
  }
  return Figure::of(count == 0 ? value_at_risk : sum / count);
}

Figure payoff(std::span<const double> returns) {
  const Days days = days_of(returns);
  return against_losses(days,
                        days.gains == 0 ? 0 : days.gained / days.gains / (days.lost / days.losses));
}

Figure kelly(std::span<const double> returns) {
  const Days days = days_of(returns);
  if (days.losses == 0) return Figure::none(Undefined::no_return_below);
  if (days.gains == 0) return Figure::none(Undefined::no_wins);
  const double won = days.gains / (days.gains + days.losses);
  return Figure::of(won - (1 - won) / (days.gained / days.gains / (days.lost / days.losses)));
}

// From the first label under water to the last one, both included.
double longest_days(const Sheet& sheet) {
  const std::span<const TimeNs> label = sheet.series().label();
  double longest = 0;
  for (const Episode& episode : sheet.episodes()) {
    // The curve has the start cash before the first period: its value i is period i - 1.
    const auto time =
        static_cast<double>(elapsed_ns(label[episode.peak], label[episode.last_below - 1]));
    longest = std::max(longest, std::floor(time / static_cast<double>(kDayNs)) + 1);
  }
  return longest;
}

double ulcer_index(const Sheet& sheet) {
  double peak = sheet.run().result.start_cash;
  double squares = 0;
  for (const double value : sheet.series().equity()) {
    peak = std::max(peak, value);
    const double depth = value / peak - 1;
    squares += depth * depth;
  }
  return std::sqrt(squares / (static_cast<double>(sheet.series().size()) - 1));
}

// Sample skewness G1 and excess kurtosis G2, as pandas has them, from g3 and g4.
Figure sample_skewness(const Sheet& sheet) {
  const double n = sheet.returns().moments().count;
  return n < 3 ? Figure::none(Undefined::too_few_returns)
               : scaled(sheet.own(Metric::skewness), std::sqrt(n * (n - 1)) / (n - 2));
}

Figure excess_kurtosis(const Sheet& sheet) {
  const double n = sheet.returns().moments().count;
  const Figure raw = sheet.own(Metric::raw_kurtosis);
  if (n < 4 || !raw.defined()) return n < 4 ? Figure::none(Undefined::too_few_returns) : raw;
  return Figure::of((n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (raw.value - 3) + 6));
}

void add_periods(Sheet& sheet) {
  const auto of_returns = [&](auto&& f) { return sheet.of_returns(f); };
  const auto all = [&](double value) {
    return sheet.of_returns([&](std::span<const double>) { return Figure::of(value); });
  };
  const double value_at_risk = gaussian_var(sheet.returns().moments());
  sheet.add("Kelly Criterion", "%", scaled(of_returns(kelly), 100));
  sheet.add("Daily Value-at-Risk", "%", all(100 * value_at_risk));
  sheet.add("Expected Shortfall (cVaR)", "%",
            scaled(of_returns([&](std::span<const double> returns) {
                     return expected_shortfall(returns, value_at_risk);
                   }),
                   100));
  sheet.add("Payoff Ratio", "", of_returns(payoff));
  sheet.add("Profit Factor", "", of_returns([](std::span<const double> returns) {
              const Days days = days_of(returns);
              return against_losses(days, days.gained / days.lost);
            }));
  sheet.add("Tail Ratio", "", sheet.own(Metric::tail_ratio));
  sheet.add("Ulcer Index", "", all(ulcer_index(sheet)));
  sheet.add("Win Days", "%", of_returns([](std::span<const double> returns) {
              const Days days = days_of(returns);
              return days.gains + days.losses == 0
                         ? Figure::none(Undefined::zero_variance)
                         : Figure::of(100 * days.gains / (days.gains + days.losses));
            }));
}

}  // namespace

void add_quantstats(Sheet& sheet) {
  const Figure cagr = sheet.own(Metric::return_ann_pct);
  const Figure max_drawdown = sheet.max_drawdown();
  sheet.add("Time in Market", "%", sheet.of_returns(time_in_market));
  sheet.add("Cumulative Return", "%", sheet.own(Metric::return_pct));
  sheet.add("CAGR﹪", "%", cagr);
  sheet.add("Sharpe", "", sheet.own(Metric::sharpe_ratio));
  sheet.add("Sortino", "", sheet.own(Metric::sortino_ratio));
  sheet.add("Omega", "", sheet.own(Metric::omega_ratio));
  sheet.add("Max Drawdown", "%", scaled(max_drawdown, -100));
  sheet.add("Longest DD Days", "days", sheet.of_returns([&](std::span<const double>) {
    return Figure::of(longest_days(sheet));
  }));
  sheet.add("Volatility (ann.)", "%", sheet.own(Metric::volatility_ann_pct));
  sheet.add("Calmar", "", calmar_ratio(cagr, scaled(max_drawdown, 100)));
  sheet.add("Skew", "", sample_skewness(sheet));
  sheet.add("Kurtosis", "", excess_kurtosis(sheet));
  add_periods(sheet);
  sheet.add("Beta", "", sheet.own(Metric::beta));
  sheet.add("Alpha", "", scaled(sheet.own(Metric::alpha_pct), 0.01));
}

}  // namespace runledger
