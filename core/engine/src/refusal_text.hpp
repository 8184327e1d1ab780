#pragma once

#include <string>

namespace runledger {

// The sentences that refusals carry. Numbers are written for people: money with two places, units
// as short as they are.

std::string cost_above_cash_text(double units, double price, double fee, double cash,
                                 double leverage);
std::string short_above_equity_text(double units, double price, double equity, double leverage);
std::string submit_check_text(double units, double price, double cash_after);
std::string size_zero_text(double lot_size);
std::string size_not_finite_text(double units, double price);

}  // namespace runledger
