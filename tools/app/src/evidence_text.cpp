#include "evidence_text.hpp"

#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/strategy_abi.h>

namespace runledger::app {

std::string_view order_kind_text(std::uint32_t kind) {
  switch (kind) {
    case RL_MARKET:
      return "market";
    case RL_LIMIT:
      return "limit";
    case RL_STOP:
      return "stop";
    case RL_STOP_LIMIT:
      return "stop_limit";
    case RL_TRAILING_STOP:
      return "trailing_stop";
    case RL_MARKET_ON_CLOSE:
      return "market_on_close";
    default:
      return "unknown";
  }
}

namespace {

// How much, in the words of its size mode.
std::string amount_text(const OrderRecord& order) {
  const std::string amount = format_double(order.quantity);
  switch (order.size_mode) {
    case RL_SIZE_UNITS:
      return amount + " units";
    case RL_SIZE_RUN:
      return order.quantity < 0 ? "sell, sized by the run" : "buy, sized by the run";
    case RL_SIZE_VALUE:
      return amount + " of value";
    case RL_SIZE_EQUITY_PCT:
      return amount + " % of equity";
    case RL_SIZE_CASH_PCT:
      return amount + " % of cash";
    case RL_SIZE_CLOSE:
      return "close";
    case RL_SIZE_TARGET_UNITS:
      return "to " + amount + " units";
    case RL_SIZE_TARGET_VALUE:
      return "to " + amount + " of value";
    case RL_SIZE_TARGET_EQUITY_PCT:
      return "to " + amount + " % of equity";
    default:
      return amount;
  }
}

}  // namespace

std::string order_size_text(std::span<const OrderRecord> orders, const OrderRecord& order) {
  std::string text = amount_text(order);
  if (order.role != OrderRole::plain)
    text = fmt::format("{} of order {}",
                       order.role == OrderRole::stop_loss ? "stop-loss" : "take-profit",
                       entry_of(orders, order));
  const auto add = [&](std::string_view what, double value) {
    if (value != 0) text += fmt::format(", {} {}", what, format_double(value));
  };
  add("limit", order.limit_price);
  add("stop", order.stop_price);
  add((order.flags & RL_TRAIL_PERCENT) != 0 ? "trail [%]" : "trail", order.trail);
  add("stop-loss", order.stop_loss);
  add("take-profit", order.take_profit);
  if (order.role == OrderRole::plain && (order.flags & RL_REDUCE_ONLY) != 0)
    text += ", reduce-only";
  return text;
}

std::string_view outcome_text(OrderOutcome outcome) {
  switch (outcome) {
    case OrderOutcome::waiting:
      return "waiting";
    case OrderOutcome::filled:
      return "filled";
    case OrderOutcome::refused:
      return "refused";
    case OrderOutcome::cancelled:
      return "cancelled";
    case OrderOutcome::expired:
      return "expired";
    case OrderOutcome::nothing:
      return "nothing";
    case OrderOutcome::cancelled_by_engine:
      return "cancelled_by_engine";
  }
  return "unknown";
}

std::string refusal_reason(RefusalCode code) {
  switch (code) {
    case RefusalCode::cost_above_cash:
      return "it cost more than cash x leverage";
    case RefusalCode::short_above_equity:
      return "the short was more than equity x leverage";
    case RefusalCode::submit_check:
      return "cash at the signal close would have been negative";
    case RefusalCode::fill_check:
      return "cash at the open would have been negative";
    case RefusalCode::size_zero:
      return "its size was zero";
    case RefusalCode::size_not_finite:
      return "its size was not a number, or beyond any account";
    case RefusalCode::bankrupt:
      return "the account was bankrupt and closed";
    case RefusalCode::not_supported:
      return "this engine does not serve such orders";
  }
  return "unknown";
}

std::string_view log_level_text(std::uint8_t level) {
  switch (level) {
    case RL_LOG_DEBUG:
      return "debug";
    case RL_LOG_INFO:
      return "info";
    case RL_LOG_WARN:
      return "warn";
    default:
      return "error";
  }
}

}  // namespace runledger::app
