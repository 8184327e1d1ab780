#pragma once

#include <runledger/engine/settings.hpp>

namespace runledger {

// What is paid for a bar's price: spread and slippage, section 13 of core/engine/FILLS.md.
class PriceCosts {
 public:
  explicit PriceCosts(const Settings& settings);

  // Everybody pays the bar's price.
  [[nodiscard]] bool none() const { return none_; }
  [[nodiscard]] bool by_volume() const { return volume_ > 0; }

  // What buyers, or sellers, are quoted for a bar's price of 1.
  [[nodiscard]] double quote(bool buys) const { return buys ? ask_ : bid_; }
  // The price of any size, before slippage by volume.
  [[nodiscard]] double before_volume(double price, bool buys) const;
  // The price of trading `units` (their sign is the side) of the `volume` of a bar; NaN: not known.
  [[nodiscard]] double paid(double price, double units, double volume) const;

 private:
  [[nodiscard]] double slipped(double price, bool buys, double share) const;

  double ask_, bid_;
  double rate_, volume_;
  double ticks_;  // in quote currency
  bool none_;
};

}  // namespace runledger
