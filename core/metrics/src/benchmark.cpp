#include "benchmark.hpp"

#include <algorithm>
#include <cmath>

namespace runledger {
namespace {

void add_line(BenchmarkFigures& figures, const Pairing& pairing, double pairs, double periods,
              double risk_free) {
  if (vanishes(std::sqrt(pairing.b_squares / (pairs - 1)), pairing.b_greatest)) {
    figures.beta = figures.alpha_pct = Figure::none(Undefined::prices_do_not_vary);
    return;
  }
  const double beta = pairing.covariance / pairing.b_squares;
  const double alpha = (pairing.a_mean - risk_free) - beta * (pairing.b_mean - risk_free);
  figures.beta = Figure::of(beta);
  figures.alpha_pct = Figure::of(alpha * periods * 100);
}

}  // namespace

BenchmarkFigures benchmark_figures(const FinishedRun& run, const BaseSeries& series,
                                   const Returns& returns) {
  const std::span<const double> price = returns.price();
  if (price.size() < 2) {
    const Figure none =
        Figure::none(returns.undefined() != Undefined::defined ? returns.undefined()
                                                               : Undefined::too_few_returns);
    return {none, none, none, none};
  }
  const auto pairs = static_cast<double>(price.size());
  const Moments& moments = returns.moments();
  const std::span<const double> own = returns.own();
  const double mean = (moments.mean * moments.count - own[0]) / pairs;
  const Pairing pairing = pairing_of(own.subspan(1), mean, price);
  const double periods = series.periods_per_year().value;
  BenchmarkFigures figures;
  add_line(figures, pairing, pairs, periods, rate_of_period(run.options.risk_free_rate, periods));
  const double gap = std::sqrt(pairing.gap_squares / (pairs - 1));
  const double root = std::sqrt(periods);
  figures.tracking_error_pct = Figure::of(gap * root * 100);
  figures.information_ratio = vanishes(gap, std::max(moments.greatest, pairing.b_greatest))
                                  ? Figure::none(Undefined::zero_variance)
                                  : Figure::of(root * (pairing.a_mean - pairing.b_mean) / gap);
  return figures;
}

}  // namespace runledger
