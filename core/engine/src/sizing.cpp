#include "sizing.hpp"

#include <algorithm>
#include <cmath>

#include "costs.hpp"

namespace runledger {
namespace {

// The most units whose cost at `price`, commission included, is at most `budget`.
double units_within(double budget, double price, const Costs& costs, double lot_size) {
  const double unit_cost = price * (1 + costs.commission_rate) + costs.commission_per_unit;
  double units = round_to_lots(std::min((budget - costs.commission_fixed) / unit_cost,
                                        (budget - costs.commission_min) / price),
                               lot_size);
  // Rounding may have gone an ulp, or a billionth of a lot, too far.
  for (int i = 0; i < 16 && units > 0; ++i) {
    if (units * price + commission_of(costs, units, price) <= budget) break;
    units = lot_size > 0 ? round_to_lots(units - lot_size, lot_size) : std::nextafter(units, 0.0);
  }
  return units > 0 ? units : 0;
}

double equity_pct_units(const OrderSize& size, const Account& account, const Costs& costs,
                        double price) {
  const double budget = account.equity(price) * (std::abs(size.quantity) / 100.0);
  const double units = units_within(budget, price, costs, size.lot_size);
  return std::copysign(units, size.quantity);
}

}  // namespace

double round_to_lots(double units, double lot_size) {
  if (!(lot_size > 0)) return units;
  const double lots = units / lot_size;
  const double nearest = std::round(lots);
  const bool whole = std::abs(lots - nearest) <= 1e-9 * std::abs(nearest);
  return (whole ? nearest : std::trunc(lots)) * lot_size;
}

OrderSize order_size(std::uint32_t mode, double quantity, const Settings& settings) {
  if (mode != RL_SIZE_RUN) return {mode, quantity, settings.lot_size};
  const double amount = std::copysign(settings.sizing.amount, quantity);
  switch (settings.sizing.kind) {
    case SizingKind::cash_pct:
      return {RL_SIZE_CASH_PCT, amount, settings.lot_size};
    case SizingKind::equity_pct:  // in whole units where no lot size is set
      return {RL_SIZE_EQUITY_PCT, amount, settings.lot_size > 0 ? settings.lot_size : 1.0};
    case SizingKind::units:
      return {RL_SIZE_UNITS, amount, settings.lot_size};
    case SizingKind::value:
      return {RL_SIZE_VALUE, amount, settings.lot_size};
  }
  return {RL_SIZE_UNITS, 0, 0};
}

double units_at_signal(const OrderSize& size, const Holdings& holdings, double close) {
  if (size.mode == RL_SIZE_CLOSE) return -holdings.units;
  if (size.mode == RL_SIZE_UNITS) return round_to_lots(size.quantity, size.lot_size);
  const double units = std::abs((holdings.cash / close) * (std::abs(size.quantity) / 100.0));
  return std::copysign(round_to_lots(units, size.lot_size), size.quantity);
}

double units_at_fill(const OrderSize& size, const Account& account, const Costs& costs,
                     double price) {
  switch (size.mode) {
    case RL_SIZE_VALUE:
      return round_to_lots(size.quantity / price, size.lot_size);
    case RL_SIZE_EQUITY_PCT:
      return equity_pct_units(size, account, costs, price);
    case RL_SIZE_TARGET_UNITS:
      return round_to_lots(size.quantity, size.lot_size) - account.holdings().units;
    case RL_SIZE_TARGET_VALUE:
      return round_to_lots(size.quantity / price, size.lot_size) - account.holdings().units;
    case RL_SIZE_TARGET_EQUITY_PCT:
      return equity_pct_units(size, account, costs, price) - account.holdings().units;
    default:
      return units_at_signal(size, account.holdings(), price);
  }
}

}  // namespace runledger
