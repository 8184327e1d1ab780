#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <runledger/bar.hpp>

// What the indicators are compared with: their definitions over whole columns, each window summed
// anew without rounding. A column has one value for each bar; NaN stands for undefined.
namespace runledger::test::naive {

using Column = std::vector<double>;
using BarSpan = std::span<const Bar>;

// Equal, or both NaN.
bool same(double a, double b);

// Shewchuk's algorithm with the last rounding of Python's math.fsum: growing expansions, nothing
// in common with ExactSum. No term may make it overflow; with a NaN it is NaN.
double fsum(std::span<const double> terms);

Column column(BarSpan bars, double Bar::* member);

// Of every window of `length` values.
Column sum(const Column& values, std::size_t length);
Column mean(const Column& values, std::size_t length);
Column highest(const Column& values, std::size_t length);
Column lowest(const Column& values, std::size_t length);

// prev (1 - alpha) + x alpha from the mean of the first `length` values that are defined.
Column ema(const Column& values, std::size_t length);
Column smma(const Column& values, std::size_t length);
Column tema(const Column& values, std::size_t length);

Column atr(BarSpan bars, std::size_t length);
Column rsi(const Column& closes, std::size_t length);
Column stochastic_k(BarSpan bars, std::size_t range, std::size_t smoothing);
Column williams_r(BarSpan bars, std::size_t length);
Column cci(BarSpan bars, std::size_t length);
Column roc(const Column& values, std::size_t length);
Column obv(BarSpan bars);
Column mfi(BarSpan bars, std::size_t length);
Column cmf(BarSpan bars, std::size_t length);

struct Directional {
  Column adx, plus, minus;
};
Directional adx(BarSpan bars, std::size_t length);

// Value by value; of two columns of one length.
template <class Operation>
Column combine(const Column& a, const Column& b, Operation&& operation) {
  Column result;
  for (std::size_t i = 0; i < a.size(); ++i) result.push_back(operation(a[i], b[i]));
  return result;
}

}  // namespace runledger::test::naive
