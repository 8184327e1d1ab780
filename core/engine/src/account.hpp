#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <runledger/engine/result.hpp>
#include <runledger/engine/settings.hpp>

#include "price_costs.hpp"

namespace runledger {

// A remainder this small beside the position is none: 0.1 + 0.2 - 0.3 is flat.
inline constexpr double kDust = 1e-12;

// What an account holds of cash and of the one instrument.
struct Holdings {
  double cash = 0;
  double units = 0;          // signed
  double average_price = 0;  // of the open position; zero when flat
};

// One order at one price, cut where it passes through zero: the closing part is an exit, the
// opening part an entry.
struct Parts {
  double price;
  double closing, opening;  // signed units; either may be zero
  double closing_fee,
      opening_fee;  // what is paid once a fill is on the closing part if there is one
};

struct Denial {
  RefusalCode code;
  std::string reason;
};

// Cuts an order of `units` at `price` on these holdings.
Parts split_order(const Holdings& holdings, const Costs& costs, double units, double price);

// The average price after opening `units` at `price` on top of these holdings.
double average_after_opening(const Holdings& holdings, double units, double price);

// The rules of cash and refusal, one file each: core/engine/FILLS.md.
namespace standard_account {
std::optional<Denial> check_opening(const Holdings& holdings, const Parts& parts, double leverage);
void apply(Holdings& holdings, const Parts& parts);
inline double equity(const Holdings& holdings, double price) {
  return holdings.cash + holdings.units * price;
}
}  // namespace standard_account

namespace reference_account {
// Cash after an order at the signal close; the next order of the bar starts from what it leaves.
double cash_after_submit(double cash, const Costs& costs, double units, double signal_close);
std::optional<Denial> check_opening(const Holdings& holdings, const Parts& parts);
void apply(Holdings& holdings, const Parts& parts);
inline double equity(const Holdings& holdings, double price) {
  if (holdings.units == 0) return holdings.cash;
  const double value = holdings.units * price;
  if (holdings.units < 0) return holdings.cash + value;
  const double unrealised = holdings.units * (price - holdings.average_price);
  return holdings.cash + ((value - unrealised) + unrealised);
}
}  // namespace reference_account

// The holdings of a run under the rules of its settings.
class Account {
 public:
  explicit Account(const Settings& settings)
      : settings_(settings),
        maker_costs_(settings.costs),
        prices_(settings),
        holdings_{.cash = settings.cash} {
    maker_costs_.commission_rate =
        settings.costs.commission_maker_rate.value_or(settings.costs.commission_rate);
  }

  [[nodiscard]] const Holdings& holdings() const { return holdings_; }
  [[nodiscard]] const Settings& settings() const { return settings_; }
  // Of a fill: of an order that had waited as a limit, or of any other.
  [[nodiscard]] const Costs& costs(bool maker) const {
    return maker ? maker_costs_ : settings_.costs;
  }
  [[nodiscard]] const PriceCosts& prices() const { return prices_; }
  [[nodiscard]] bool reference() const { return settings_.account == AccountKind::reference; }
  // At this price.
  [[nodiscard]] double equity(double price) const {
    return reference() ? reference_account::equity(holdings_, price)
                       : standard_account::equity(holdings_, price);
  }

  // Why on these holdings the opening part may not be done after the closing part; nothing when it
  // may.
  [[nodiscard]] std::optional<Denial> check_opening(const Holdings& holdings,
                                                    const Parts& parts) const;
  void apply(const Parts& parts) { apply(holdings_, parts); }
  // The same to other holdings under these rules.
  void apply(Holdings& holdings, const Parts& parts) const;
  // Cash that comes, or below zero goes, without a trade.
  void add_cash(double cash) { holdings_.cash += cash; }

 private:
  Settings settings_;
  Costs maker_costs_;
  PriceCosts prices_;
  Holdings holdings_;
};

}  // namespace runledger
