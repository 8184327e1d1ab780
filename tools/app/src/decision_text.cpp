#include "decision_text.hpp"

#include <cmath>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/strategy_abi.h>

namespace runledger::app {
namespace {

constexpr std::size_t kToldMax = 6;  // of one bar

std::string side_and_size(const OrderRecord& order) {
  const std::string_view side = order.quantity < 0 ? "sell" : "buy";
  const std::string amount = format_double(std::abs(order.quantity));
  const std::string target = format_double(order.quantity);
  switch (order.size_mode) {
    case RL_SIZE_RUN:
      return fmt::format("{}, sized by the run,", side);
    case RL_SIZE_VALUE:
      return fmt::format("{} for {}", side, amount);
    case RL_SIZE_EQUITY_PCT:
      return fmt::format("{} for {} % of equity", side, amount);
    case RL_SIZE_CASH_PCT:
      return fmt::format("{} for {} % of cash", side, amount);
    case RL_SIZE_CLOSE:
      return "close the position";
    case RL_SIZE_TARGET_UNITS:
      return fmt::format("trade to {} units", target);
    case RL_SIZE_TARGET_VALUE:
      return fmt::format("trade to a value of {}", target);
    case RL_SIZE_TARGET_EQUITY_PCT:
      return fmt::format("trade to {} % of equity", target);
    default:
      return fmt::format("{} {} {}", side, amount, amount == "1" ? "unit" : "units");
  }
}

std::string price(const OrderRecord& order) {
  const std::string limit = format_double(order.limit_price);
  const std::string stop = format_double(order.stop_price);
  switch (order.kind) {
    case RL_MARKET:
      return "at market";
    case RL_LIMIT:
      return "with limit " + limit;
    case RL_STOP:
      return "with stop " + stop;
    case RL_STOP_LIMIT:
      return fmt::format("with stop {} and limit {}", stop, limit);
    case RL_TRAILING_STOP:
      return fmt::format("with a stop that trails by {}{}", format_double(order.trail),
                         (order.flags & RL_TRAIL_PERCENT) != 0 ? " %" : "");
    case RL_MARKET_ON_CLOSE:
      return "at the close";
    default:
      return fmt::format("as an order of kind {}", order.kind);
  }
}

std::string order_text(const OrderRecord& order) {
  std::string text = side_and_size(order) + " " + price(order);
  if (order.stop_loss != 0) text += " and stop loss " + format_double(order.stop_loss);
  if (order.take_profit != 0) text += " and take profit " + format_double(order.take_profit);
  if (order.time_in_force == RL_DAY) text += " for the day";
  if (order.time_in_force == RL_BARS) text += fmt::format(" for {} bars", order.expire_bars);
  if ((order.flags & RL_REDUCE_ONLY) != 0) text += " to reduce only";
  return text;
}

}  // namespace

std::string decisions_text(const worker::BarDecisions& decisions) {
  std::vector<std::string> texts;
  for (const OrderRecord& order : decisions.orders) texts.push_back(order_text(order));
  for (const std::uint64_t id : decisions.cancelled)
    texts.push_back(fmt::format("cancel order {}", id));
  if (texts.empty()) return "nothing";
  const std::size_t untold = texts.size() > kToldMax ? texts.size() - kToldMax : 0;
  texts.resize(texts.size() - untold);
  if (untold > 0) texts.push_back(fmt::format("and {} more", untold));
  return join(texts, ", ");
}

}  // namespace runledger::app
