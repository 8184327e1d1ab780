#pragma once

#include <cstdint>

#include "waiting_order.hpp"

namespace runledger {

// The four prices of one bar.
struct BarPrices {
  double open, high, low, close;
};

// How the price came to a level inside a bar.
enum class Passage : std::uint8_t {
  falling,  // straight down from the open
  rising,   // straight up from it
  unknown,
};

// What one bar does to an order that waits for a price, whatever account and other orders do:
// sections 8 and 11 of core/engine/FILLS.md.
struct Touch {
  enum class When : std::uint8_t {
    never,
    at_open,
    inside,
    late,     // inside, after everything else
    perhaps,  // another path would have carried it out; this one does not
  };

  When when = When::never;
  bool firm = false;   // `price` is a limit's: no spread and no slippage come on top
  bool maker = false;  // it had waited as a limit
  bool above = false;  // of the open; inside the bar
  Passage passage = Passage::unknown;
  double price = 0;
  double level = 0;  // the bar's own price at which it happens
  // What the order is afterwards, if it goes on.
  bool triggered = false;
  double best = kNoPrice;
};

// `quote` is what buyers, or for a selling order sellers, are quoted for a bar's price of 1.
Touch touch_of(const WaitingOrder& order, const BarPrices& bar, double quote);

// The present trigger of a trailing stop.
double trailing_trigger(const WaitingOrder& order);

// An entry that was filled inside a bar.
struct InsideEntry {
  bool buys;
  Passage passage;
  double level;  // the bar's own price at which it was filled
};

// Where the position is left again; NaN for none.
struct ExitPrices {
  double stop_loss = kNoPrice, take_profit = kNoPrice;
};

struct ExitTouch {
  OrderRole role = OrderRole::plain;  // plain: none of them
  double price = 0;                   // firm for a take-profit
  bool maker = false;
  bool ambiguous = false;
};

// What the rest of its bar does to the exits of an entry: section 10. `quote`: of the exits' side.
ExitTouch exit_in_entry_bar(const InsideEntry& entry, const ExitPrices& exits, const BarPrices& bar,
                            double quote);

}  // namespace runledger
