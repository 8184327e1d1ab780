#include <cmath>

#include <fmt/format.h>

#include <runledger/engine/settings.hpp>

namespace runledger {
namespace {

constexpr double kMoneyMax = 1e15;
constexpr double kPercentMax = 1e6;
constexpr double kLeverageMax = 1e3;

std::unexpected<Error> wrong(const char* what, double found, const char* expected) {
  return fail(ErrorCode::invalid_input, fmt::format("{} is {}, not {}", what, found, expected));
}

bool within(double value, double above, double at_most) {
  return std::isfinite(value) && value > above && value <= at_most;
}

bool at_least_zero(double value) {
  return std::isfinite(value) && value >= 0 && value <= kMoneyMax;
}

Status check_sizing(const Sizing& sizing) {
  switch (sizing.kind) {
    case SizingKind::cash_pct:
    case SizingKind::equity_pct:
      if (within(sizing.amount, 0, kPercentMax)) return {};
      return wrong("the size in percent", sizing.amount, "above 0 and at most 1000000");
    case SizingKind::units:
    case SizingKind::value:
      if (within(sizing.amount, 0, kMoneyMax)) return {};
      return wrong("the size", sizing.amount, "above 0 and at most 1e15");
  }
  return fail(ErrorCode::invalid_input, "the kind of size is not one that this program knows");
}

Status check_costs(const Costs& costs) {
  if (!(at_least_zero(costs.commission_rate) && costs.commission_rate < 1)) {
    return wrong("the commission rate", costs.commission_rate,
                 "a share of the traded value from 0 to below 1 (0.001 is 0.1 percent)");
  }
  if (!at_least_zero(costs.commission_fixed)) {
    return wrong("the fixed commission", costs.commission_fixed, "0 or more, and at most 1e15");
  }
  if (!at_least_zero(costs.commission_per_unit)) {
    return wrong("the commission per unit", costs.commission_per_unit,
                 "0 or more, and at most 1e15");
  }
  return {};
}

}  // namespace

Status check_settings(const Settings& settings) {
  if (!within(settings.cash, 0, kMoneyMax)) {
    return wrong("the cash", settings.cash, "above 0 and at most 1e15");
  }
  RL_TRY_VOID(check_sizing(settings.sizing));
  RL_TRY_VOID(check_costs(settings.costs));
  if (settings.account != AccountKind::standard && settings.account != AccountKind::reference) {
    return fail(ErrorCode::invalid_input, "the account is neither standard nor reference");
  }
  if (!within(settings.leverage, 0, kLeverageMax)) {
    return wrong("the leverage", settings.leverage, "above 0 and at most 1000");
  }
  if (settings.account == AccountKind::reference && settings.leverage != 1) {
    return wrong("the leverage", settings.leverage, "1, as the reference account has none");
  }
  if (!at_least_zero(settings.lot_size)) {
    return wrong("the lot size", settings.lot_size, "0 (fractional units) to 1e15");
  }
  return {};
}

}  // namespace runledger
