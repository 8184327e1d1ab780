#pragma once

#include <runledger/engine/settings.hpp>

namespace runledger {

// The commission of a fill of `units` (either sign) at `price`.
double commission_of(const Costs& costs, double units, double price);

// The part of it that grows with the size: what a fill pays for its second part, since the fixed
// part is paid once a fill.
double proportional_commission_of(const Costs& costs, double units, double price);

}  // namespace runledger
