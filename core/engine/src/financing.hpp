#pragma once

#include <cstdint>

#include <runledger/engine/settings.hpp>

#include "account.hpp"

namespace runledger {

// Borrow fees and interest: section 14 of core/engine/FILLS.md. What is held at one close is
// charged at the next.
class Financing {
 public:
  explicit Financing(const Settings& settings)
      : borrow_rate_(settings.borrow_rate),
        cash_rate_(settings.cash_rate),
        margin_rate_(settings.margin_rate) {}

  // Whether anything is ever charged.
  [[nodiscard]] bool active() const {
    return borrow_rate_ > 0 || cash_rate_ > 0 || margin_rate_ > 0;
  }

  struct Flows {
    double borrow_fee = 0;  // to pay
    double interest = 0;    // earned less paid
  };
  // For what was held at the close before this one, `elapsed_ns` ago.
  [[nodiscard]] Flows due(std::uint64_t elapsed_ns) const;
  void hold(const Holdings& holdings, double equity, double close);

 private:
  double borrow_rate_, cash_rate_, margin_rate_;
  double borrowed_ = 0;   // value of what is short
  double own_cash_ = 0;   // without what short sales brought
  double owed_cash_ = 0;  // above zero: a debt
};

// Whether a position must be closed: section 14.
inline bool margin_call(const Settings& settings, const Holdings& holdings, double equity,
                        double close) {
  const double value = holdings.units < 0 ? -holdings.units * close : holdings.units * close;
  return settings.maintenance_margin > 0 && equity < settings.maintenance_margin * value;
}

}  // namespace runledger
