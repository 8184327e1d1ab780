#include "account.hpp"
#include "costs.hpp"
#include "refusal_text.hpp"

// The order of operations here is that of the old system, for equality to the last bit.
namespace runledger::reference_account {

double cash_after_submit(double cash, const Costs& costs, double units, double signal_close) {
  cash -= units * signal_close;
  return cash - commission_of(costs, units, signal_close);
}

// `holdings` are those after the closing part. Only purchases are checked.
std::optional<Denial> check_opening(const Holdings& holdings, const Parts& parts) {
  if (parts.opening < 0) return std::nullopt;
  const double cash = holdings.cash - parts.opening * parts.price - parts.opening_fee;
  if (!(cash < 0)) return std::nullopt;
  return Denial{RefusalCode::fill_check, cost_above_cash_text(parts.opening, parts.price,
                                                              parts.opening_fee, holdings.cash, 1)};
}

void apply(Holdings& holdings, const Parts& parts) {
  if (parts.closing != 0) {
    const double closed = -parts.closing;
    const double entry = holdings.average_price;
    holdings.cash += closed * entry + closed * (parts.price - entry);
    holdings.cash -= parts.closing_fee;
    holdings.units = parts.closing == -holdings.units ? 0 : holdings.units + parts.closing;
    if (holdings.units == 0) holdings.average_price = 0;
  }
  if (parts.opening != 0) {
    holdings.average_price = average_after_opening(holdings, parts.opening, parts.price);
    holdings.cash -= parts.opening * parts.price;
    holdings.cash -= parts.opening_fee;
    holdings.units += parts.opening;
  }
}

}  // namespace runledger::reference_account
