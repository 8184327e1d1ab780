#include <cmath>

#include "account.hpp"
#include "refusal_text.hpp"

namespace runledger::standard_account {

// `holdings` are those after the closing part.
std::optional<Denial> check_opening(const Holdings& holdings, const Parts& parts, double leverage) {
  if (parts.opening > 0) {
    const double cost = parts.opening * parts.price + parts.opening_fee;
    if (cost <= holdings.cash * leverage) return std::nullopt;
    return Denial{RefusalCode::cost_above_cash,
                  cost_above_cash_text(parts.opening, parts.price, parts.opening_fee, holdings.cash,
                                       leverage)};
  }
  const double units = holdings.units + parts.opening;
  const double at_price = equity(holdings, parts.price);
  if (std::abs(units) * parts.price <= at_price * leverage) return std::nullopt;
  return Denial{RefusalCode::short_above_equity,
                short_above_equity_text(units, parts.price, at_price, leverage)};
}

void apply(Holdings& holdings, const Parts& parts) {
  if (parts.closing != 0) {
    holdings.cash -= parts.closing * parts.price + parts.closing_fee;
    holdings.units = parts.closing == -holdings.units ? 0 : holdings.units + parts.closing;
    if (holdings.units == 0) holdings.average_price = 0;
  }
  if (parts.opening != 0) {
    holdings.average_price = average_after_opening(holdings, parts.opening, parts.price);
    holdings.cash -= parts.opening * parts.price + parts.opening_fee;
    holdings.units += parts.opening;
  }
}

}  // namespace runledger::standard_account
