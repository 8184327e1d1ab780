#include <cmath>

#include <fmt/format.h>

#include <runledger/engine/settings.hpp>

namespace runledger {
namespace {

constexpr double kMoneyMax = 1e15;
constexpr double kPercentMax = 1e6;
constexpr double kLeverageMax = 1e3;
constexpr double kSlippageTicksMax = 1e6;
constexpr double kYearlyRateMax = 100;

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

Status check_share(const char* what, double share) {
  if (std::isfinite(share) && share >= 0 && share < 1) return {};
  return wrong(what, share, "a share from 0 to below 1 (0.001 is 0.1 percent)");
}

Status check_money(const char* what, double money) {
  if (at_least_zero(money)) return {};
  return wrong(what, money, "0 or more, and at most 1e15");
}

Status check_yearly_rate(const char* what, double rate) {
  if (std::isfinite(rate) && rate >= 0 && rate <= kYearlyRateMax) return {};
  return wrong(what, rate, "a rate a year from 0 to 100 (0.03 is 3 percent)");
}

Status check_commission(const Costs& costs) {
  RL_TRY_VOID(check_share("the commission rate", costs.commission_rate));
  RL_TRY_VOID(check_money("the fixed commission", costs.commission_fixed));
  RL_TRY_VOID(check_money("the commission per unit", costs.commission_per_unit));
  RL_TRY_VOID(check_money("the least commission", costs.commission_min));
  return check_share("the commission rate of makers", costs.commission_maker_rate.value_or(0));
}

Status check_price_costs(const Settings& settings) {
  const Costs& costs = settings.costs;
  RL_TRY_VOID(check_share("the spread", costs.spread));
  RL_TRY_VOID(check_share("the slippage", costs.slippage_rate));
  RL_TRY_VOID(check_share("the slippage by volume", costs.slippage_volume));
  if (!(costs.slippage_ticks >= 0 && costs.slippage_ticks <= kSlippageTicksMax)) {
    return wrong("the slippage in ticks", costs.slippage_ticks, "0 to 1000000");
  }
  if (!at_least_zero(settings.tick_size)) {
    return wrong("the tick size", settings.tick_size, "0 (none) to 1e15");
  }
  if (costs.slippage_ticks > 0 && settings.tick_size == 0) {
    return fail(ErrorCode::invalid_input,
                "slippage in ticks needs a tick size above 0, such as 0.01");
  }
  return {};
}

Status check_financing(const Settings& settings) {
  RL_TRY_VOID(check_share("the maintenance margin", settings.maintenance_margin));
  RL_TRY_VOID(check_yearly_rate("the borrow rate", settings.borrow_rate));
  RL_TRY_VOID(check_yearly_rate("the interest on cash", settings.cash_rate));
  return check_yearly_rate("the interest on cash owed", settings.margin_rate);
}

// The system before had a commission and nothing else.
Status check_reference(const Settings& settings) {
  const Costs& costs = settings.costs;
  if (settings.leverage != 1) {
    return wrong("the leverage", settings.leverage, "1, as the reference account has none");
  }
  const bool more = costs.commission_min > 0 || costs.commission_maker_rate || costs.spread > 0 ||
                    costs.slippage_rate > 0 || costs.slippage_ticks > 0 ||
                    costs.slippage_volume > 0 || settings.one_position ||
                    settings.maintenance_margin > 0 || settings.borrow_rate > 0 ||
                    settings.cash_rate > 0 || settings.margin_rate > 0;
  if (!more) return {};
  return fail(
      ErrorCode::invalid_input,
      "the reference account knows a commission by rate, fill and unit, and no other costs, "
      "margin or interest; use the standard account for those");
}

}  // namespace

Status check_settings(const Settings& settings) {
  if (!within(settings.cash, 0, kMoneyMax)) {
    return wrong("the cash", settings.cash, "above 0 and at most 1e15");
  }
  RL_TRY_VOID(check_sizing(settings.sizing));
  RL_TRY_VOID(check_commission(settings.costs));
  RL_TRY_VOID(check_price_costs(settings));
  RL_TRY_VOID(check_financing(settings));
  if (settings.account != AccountKind::standard && settings.account != AccountKind::reference) {
    return fail(ErrorCode::invalid_input, "the account is neither standard nor reference");
  }
  if (!within(settings.leverage, 0, kLeverageMax)) {
    return wrong("the leverage", settings.leverage, "above 0 and at most 1000");
  }
  if (settings.account == AccountKind::reference) RL_TRY_VOID(check_reference(settings));
  if (!at_least_zero(settings.lot_size)) {
    return wrong("the lot size", settings.lot_size, "0 (fractional units) to 1e15");
  }
  return {};
}

}  // namespace runledger
