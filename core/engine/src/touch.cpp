#include "touch.hpp"

#include <algorithm>
#include <cmath>

namespace runledger {
namespace {

using When = Touch::When;

// Everything below is written for buying. Selling is buying in a mirror: every price has the other
// sign, so that high and low change places.
BarPrices mirrored(const BarPrices& bar) { return {-bar.open, -bar.low, -bar.high, -bar.close}; }

BarPrices quoted(const BarPrices& bar, double quote) {
  return {bar.open * quote, bar.high * quote, bar.low * quote, bar.close * quote};
}

WaitingOrder mirrored(WaitingOrder order) {
  order.limit = -order.limit;
  order.stop = -order.stop;
  order.best = -order.best;
  order.buys = !order.buys;
  return order;
}

Passage mirrored(Passage passage) {
  if (passage == Passage::unknown) return passage;
  return passage == Passage::falling ? Passage::rising : Passage::falling;
}

Touch mirrored(Touch touch) {
  touch.price = -touch.price;
  touch.level = -touch.level;
  touch.best = -touch.best;
  touch.above = !touch.above;
  touch.passage = mirrored(touch.passage);
  return touch;
}

Touch at_open(double price) { return {.when = When::at_open, .price = price, .level = price}; }

// Reached on the way up from the open.
Touch rising_to(double stop) {
  return {.when = When::inside,
          .above = true,
          .passage = Passage::rising,
          .price = stop,
          .level = stop};
}

double trailed(const WaitingOrder& order, double best) {
  return best + (order.trail_is_share ? std::abs(best) * order.trail : order.trail);
}

Touch buy_limit(double limit, bool rested, const BarPrices& bar, double quote) {
  const BarPrices ask = quoted(bar, quote);
  Touch touch;
  if (ask.open <= limit) {
    touch = at_open(ask.open);
    touch.maker = rested;
  } else if (ask.low <= limit) {
    touch = {.when = When::inside,
             .maker = true,
             .passage = Passage::falling,
             .price = limit,
             .level = limit / quote};
  }
  touch.firm = true;
  return touch;
}

Touch buy_stop(double stop, const BarPrices& bar) {
  if (bar.open >= stop) return at_open(bar.open);
  return bar.high >= stop ? rising_to(stop) : Touch{};
}

// A stop-limit that its stop has not triggered before this bar.
Touch buy_stop_limit(const WaitingOrder& order, const BarPrices& bar, double quote) {
  const BarPrices ask = quoted(bar, quote);
  if (bar.open >= order.stop) {
    Touch touch = buy_limit(order.limit, false, bar, quote);
    touch.triggered = true;
    return touch;
  }
  if (bar.high < order.stop) return {};
  Touch touch = rising_to(order.stop);
  touch.firm = touch.triggered = true;
  touch.price = order.stop * quote;
  if (touch.price <= order.limit) return touch;
  touch.price = order.limit;
  touch.maker = true;
  touch.passage = Passage::unknown;
  if (ask.close > order.limit) {
    touch.when = ask.low <= order.limit ? When::perhaps : When::never;
  }
  return touch;
}

Touch buy_trailing(const WaitingOrder& order, const BarPrices& bar) {
  Touch touch;
  const double trigger = trailed(order, std::min(order.best, bar.open));
  const double lowest = std::min(order.best, bar.low);
  if (bar.open >= trailed(order, order.best)) {
    touch = at_open(bar.open);
  } else if (bar.high >= trigger) {
    touch = rising_to(trigger);
  } else if (const double late = trailed(order, lowest); bar.high >= late) {
    touch.when = bar.close >= late ? When::late : When::perhaps;
    touch.price = touch.level = late;
  }
  touch.best = lowest;
  return touch;
}

Touch buy_touch(const WaitingOrder& order, const BarPrices& bar, double quote) {
  switch (order.kind) {
    case RL_LIMIT:
      return buy_limit(order.limit, !order.fresh, bar, quote);
    case RL_STOP:
      return buy_stop(order.stop, bar);
    case RL_STOP_LIMIT: {
      if (!order.triggered) return buy_stop_limit(order, bar, quote);
      Touch touch = buy_limit(order.limit, true, bar, quote);
      touch.triggered = true;
      return touch;
    }
    default:
      return buy_trailing(order, bar);
  }
}

// For an entry that bought, with the exits of one that did.
ExitTouch exit_of_purchase(const InsideEntry& entry, const ExitPrices& exits, const BarPrices& bar,
                           double quote) {
  const BarPrices bid = quoted(bar, quote);
  const double stop = exits.stop_loss;
  const double take = exits.take_profit;
  if (stop >= entry.level) return {.role = OrderRole::stop_loss, .price = entry.level};
  if (take <= entry.level * quote)
    return {.role = OrderRole::take_profit, .price = entry.level * quote};
  const bool stop_reached = bar.low <= stop;
  const bool take_reached = bid.high >= take;
  const bool stop_proven = stop_reached && (entry.passage == Passage::falling || bar.close <= stop);
  const bool take_proven = take_reached && (entry.passage == Passage::rising || bid.close >= take);
  if (stop_reached) {
    return {.role = OrderRole::stop_loss, .price = stop, .ambiguous = !stop_proven || take_reached};
  }
  if (take_proven) return {.role = OrderRole::take_profit, .price = take, .maker = true};
  return {.ambiguous = take_reached};
}

}  // namespace

Touch touch_of(const WaitingOrder& order, const BarPrices& bar, double quote) {
  if (order.buys) return buy_touch(order, bar, quote);
  return mirrored(buy_touch(mirrored(order), mirrored(bar), quote));
}

double trailing_trigger(const WaitingOrder& order) {
  return order.buys ? trailed(order, order.best) : -trailed(order, -order.best);
}

ExitTouch exit_in_entry_bar(const InsideEntry& entry, const ExitPrices& exits, const BarPrices& bar,
                            double quote) {
  if (entry.buys) return exit_of_purchase(entry, exits, bar, quote);
  const InsideEntry other{true, mirrored(entry.passage), -entry.level};
  ExitTouch touch =
      exit_of_purchase(other, {-exits.stop_loss, -exits.take_profit}, mirrored(bar), quote);
  touch.price = -touch.price;
  return touch;
}

}  // namespace runledger
