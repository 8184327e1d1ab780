#pragma once

#include <algorithm>
#include <cmath>

#include <runledger/engine/settings.hpp>

namespace runledger {

// The part of the commission on `units` (either sign) at `price` that grows with the size: what a
// fill pays for its second part, since the rest is paid once a fill.
inline double proportional_commission_of(const Costs& costs, double units, double price) {
  const double size = std::abs(units);
  return size * price * costs.commission_rate + size * costs.commission_per_unit;
}

// The commission of a fill.
inline double commission_of(const Costs& costs, double units, double price) {
  return std::max(costs.commission_min,
                  proportional_commission_of(costs, units, price) + costs.commission_fixed);
}

}  // namespace runledger
