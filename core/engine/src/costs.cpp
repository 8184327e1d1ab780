#include "costs.hpp"

#include <algorithm>
#include <cmath>

namespace runledger {

double proportional_commission_of(const Costs& costs, double units, double price) {
  const double size = std::abs(units);
  return size * price * costs.commission_rate + size * costs.commission_per_unit;
}

double commission_of(const Costs& costs, double units, double price) {
  return std::max(costs.commission_min,
                  proportional_commission_of(costs, units, price) + costs.commission_fixed);
}

}  // namespace runledger
