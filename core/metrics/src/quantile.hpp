#pragma once

#include <span>

#include "moments.hpp"

namespace runledger {

// The quantiles at 5 % and 95 %, and the mean of the values at or below the former. Quantiles are
// interpolated linearly, type 7 of Hyndman and Fan (1996): with h = (n - 1) * probability, the
// value between the sorted values number floor(h) and floor(h) + 1.
struct Tails {
  double low = 0, high = 0, mean_below = 0;
};
// Of at least one value; the moments are theirs.
Tails tails_of(std::span<const double> values, const Moments& moments);

}  // namespace runledger
