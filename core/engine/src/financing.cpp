#include "financing.hpp"

#include <algorithm>

#include <runledger/base/time.hpp>

namespace runledger {
namespace {

constexpr double kYearNs = 365.0 * static_cast<double>(kDayNs);

}  // namespace

Financing::Flows Financing::due(std::uint64_t elapsed_ns) const {
  const double years = static_cast<double>(elapsed_ns) / kYearNs;
  return {.borrow_fee = borrow_rate_ * borrowed_ * years,
          .interest = cash_rate_ * own_cash_ * years - margin_rate_ * owed_cash_ * years};
}

void Financing::hold(const Holdings& holdings, double equity, double close) {
  borrowed_ = std::max(0.0, -holdings.units * close);
  own_cash_ = std::max(0.0, std::min(holdings.cash, equity));
  owed_cash_ = std::max(0.0, -holdings.cash);
}

}  // namespace runledger
