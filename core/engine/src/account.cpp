#include "account.hpp"

#include <algorithm>
#include <cmath>

#include "costs.hpp"

namespace runledger {

Parts split_order(const Holdings& holdings, const Costs& costs, double units, double price) {
  Parts parts{.price = price, .closing = 0, .opening = units, .closing_fee = 0, .opening_fee = 0};
  const double held = holdings.units;
  const bool against = (held > 0 && units < 0) || (held < 0 && units > 0);
  if (!against) {
    parts.opening_fee = commission_of(costs, units, price);
    return parts;
  }
  if (std::abs(held + units) <= kDust * std::abs(held)) {
    parts.closing = -held;
  } else {
    parts.closing = std::abs(units) > std::abs(held) ? -held : units;
  }
  parts.opening = parts.closing == -held && std::abs(units + held) > kDust * std::abs(held)
                      ? units - parts.closing
                      : 0;
  parts.closing_fee = commission_of(costs, parts.closing, price);
  if (parts.opening == 0) return parts;
  parts.opening_fee = proportional_commission_of(costs, parts.opening, price);
  const double closing_fee =
      proportional_commission_of(costs, parts.closing, price) + costs.commission_fixed;
  parts.closing_fee = std::max(closing_fee, costs.commission_min - parts.opening_fee);
  return parts;
}

double average_after_opening(const Holdings& holdings, double units, double price) {
  if (holdings.units == 0) return price;
  return (holdings.units * holdings.average_price + units * price) / (holdings.units + units);
}

std::optional<Denial> Account::check_opening(const Holdings& holdings, const Parts& parts) const {
  if (parts.opening == 0) return std::nullopt;
  Holdings after = holdings;
  if (parts.closing != 0) {
    Parts closing = parts;
    closing.opening = closing.opening_fee = 0;
    apply(after, closing);
  }
  return reference() ? reference_account::check_opening(after, parts)
                     : standard_account::check_opening(after, parts, settings_.leverage);
}

void Account::apply(Holdings& holdings, const Parts& parts) const {
  if (reference()) {
    reference_account::apply(holdings, parts);
  } else {
    standard_account::apply(holdings, parts);
  }
}

}  // namespace runledger
