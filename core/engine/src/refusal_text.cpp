#include "refusal_text.hpp"

#include <cmath>

#include <fmt/format.h>

#include <runledger/engine/run.hpp>

namespace runledger {
namespace {

std::string whole(double value) { return fmt::format("{:.0f}", value); }

bool is_whole(double value) { return std::abs(value) < 1e15 && value == std::trunc(value); }

std::string units_text(double value) {
  return is_whole(value) ? whole(value) : fmt::format("{:.6g}", value);
}

std::string price_text(double value) {
  return std::abs(value) >= 0.1 && std::abs(value) < 1e15 ? fmt::format("{:.2f}", value)
                                                          : fmt::format("{:.6g}", value);
}

std::string money_text(double value) { return is_whole(value) ? whole(value) : price_text(value); }

std::string leverage_text(double leverage) {
  return leverage == 1 ? std::string() : fmt::format(" x leverage {}", units_text(leverage));
}

}  // namespace

std::string cost_above_cash_text(double units, double price, double fee, double cash,
                                 double leverage) {
  const std::string commission = fee == 0 ? "" : " + commission " + money_text(fee);
  return fmt::format("{} x {}{} is more than cash {}{}", units_text(units), price_text(price),
                     commission, money_text(cash), leverage_text(leverage));
}

std::string short_above_equity_text(double units, double price, double equity, double leverage) {
  return fmt::format("a short of {} x {} is more than equity {}{}", units_text(std::abs(units)),
                     price_text(price), money_text(equity), leverage_text(leverage));
}

std::string submit_check_text(double units, double price, double cash_after) {
  return fmt::format("{} x {} at the signal close would leave cash {}", units_text(units),
                     price_text(price), money_text(cash_after));
}

std::string size_zero_text(double lot_size) {
  return lot_size > 0 ? fmt::format("the size is less than one lot of {}", units_text(lot_size))
                      : std::string("the size is zero");
}

std::string size_not_finite_text(double units, double price) {
  return fmt::format("{:.6g} x {} is beyond what an account can hold ({:g} units, {:g} in money)",
                     units, price_text(price), kUnitsMax, kNotionalMax);
}

}  // namespace runledger
