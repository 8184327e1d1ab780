#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <runledger/engine/result.hpp>
#include <runledger/engine/settings.hpp>

#include "support.hpp"

namespace runledger::test {

// What a strategy asks for at the close of one bar: orders, then a cancel (0: of all).
struct Requests {
  std::vector<rl_order> orders;
  std::optional<std::uint64_t> cancel;
};

// The standard account and sections 1, 3 and 8 to 13 of core/engine/FILLS.md, one rule after the
// other as they are written down, in sizes of units, close and target units. It has nothing in
// common with the engine but the document.
class NaiveEngine {
 public:
  NaiveEngine(std::vector<Candle> bars, const Settings& settings)
      : bars_(std::move(bars)), settings_(settings), cash(settings.cash) {}

  void run(const std::vector<Requests>& plan);

  struct Order {
    std::uint64_t id, bar;
    rl_order asked;
    OrderRole role = OrderRole::plain;
    std::uint64_t entry = 0;
    OrderOutcome outcome = OrderOutcome::waiting;
    std::uint64_t outcome_bar = 0;
    bool sleeps = false, buys = false, limit_by_now = false, seen = false;
    double units = 0, best = 0;
  };
  struct Fill {
    std::uint64_t id, bar;
    double units, price;
    bool operator==(const Fill&) const = default;
  };

 private:
  std::vector<Candle> bars_;
  Settings settings_;

 public:
  std::vector<Order> orders;
  std::vector<Fill> fills;
  std::vector<double> equity;
  std::uint64_t refusals = 0, ambiguities = 0;
  double cash, held = 0;

 private:
  // What a bar does to an order.
  struct Event {
    enum { never, open, inside, late, perhaps } when = never;
    double at = 0;     // where on the path
    double price = 0;  // of the trade, before spread and slippage unless `firm`
    bool firm = false, maker = false, straight = false, above = false;
    std::size_t order = 0;
  };
  struct Trade {
    double leave = 0, leave_price = 0, close = 0, open = 0, price = 0, refused = 0;
    bool none = false;
  };

  void submit(const rl_order& asked);
  void cancel(std::uint64_t id);
  void open_and_events();
  void path();
  void closing_orders();
  [[nodiscard]] bool expired(const Order& order) const;
  Event event_of(Order& order);
  Event limit_event(const Order& order, bool waited) const;
  Event stop_event(const Order& order, double level) const;
  Event stop_limit_event(Order& order) const;
  Event trailing_event(Order& order) const;
  [[nodiscard]] Trade trade_of(const Order& order, const Event& event, double cash_now,
                               double held_now) const;
  double carry_out(std::size_t index, const Event& event);
  void exits_in_entry_bar(std::size_t index, const Event& event);
  void end(Order& order, OrderOutcome outcome);
  [[nodiscard]] double quote(bool buys) const;
  [[nodiscard]] double fee(double units, double price, bool maker) const;
  [[nodiscard]] bool live(const Order& order) const {
    return order.outcome == OrderOutcome::waiting && !order.sleeps && order.bar < now_;
  }
  [[nodiscard]] const Candle& bar() const { return bars_[now_]; }

  std::uint64_t now_ = 0;
  std::vector<Event> events_;
};

}  // namespace runledger::test
