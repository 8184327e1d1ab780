#include "price_costs.hpp"

#include <algorithm>
#include <cmath>

namespace runledger {

PriceCosts::PriceCosts(const Settings& settings)
    : ask_(1 + settings.costs.spread / 2),
      bid_(1 - settings.costs.spread / 2),
      rate_(settings.costs.slippage_rate),
      volume_(settings.costs.slippage_volume),
      ticks_(settings.costs.slippage_ticks * settings.tick_size),
      none_(settings.costs.spread == 0 && rate_ == 0 && volume_ == 0 && ticks_ == 0) {}

double PriceCosts::before_volume(double price, bool buys) const {
  return slipped(price, buys, rate_);
}

double PriceCosts::paid(double price, double units, double volume) const {
  double share = rate_;
  if (volume_ > 0 && !std::isnan(volume)) {
    const double traded = std::min(1.0, std::abs(units) / volume);
    share += volume_ * (traded * traded);
  }
  return slipped(price, units > 0, share);
}

double PriceCosts::slipped(double price, bool buys, double share) const {
  if (buys) return price * ask_ * (1 + share) + ticks_;
  return std::max(0.0, price * bid_ * (1 - share) - ticks_);
}

}  // namespace runledger
