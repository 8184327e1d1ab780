// Orders of a C++ strategy: how much, at what price, for how long.
#pragma once

#include <cstdint>
#include <stdexcept>

#include <runledger/strategy_abi.h>

namespace runledger {

// How much an order trades. Positive buys, negative sells.
struct Size {
  std::uint32_t mode;
  double quantity;

  static constexpr Size units(double signed_units) { return {RL_SIZE_UNITS, signed_units}; }
  // Quote currency, at the fill price.
  static constexpr Size value(double signed_value) { return {RL_SIZE_VALUE, signed_value}; }
  // Percent of equity, at the fill price.
  static constexpr Size equity_pct(double percent) { return {RL_SIZE_EQUITY_PCT, percent}; }
  // Percent of cash, at the close of the bar that decides.
  static constexpr Size cash_pct(double percent) { return {RL_SIZE_CASH_PCT, percent}; }
  // As the run says (--size).
  static constexpr Size buy_by_run() { return {RL_SIZE_RUN, 1}; }
  static constexpr Size sell_by_run() { return {RL_SIZE_RUN, -1}; }
  // Exactly minus the position.
  static constexpr Size close() { return {RL_SIZE_CLOSE, 1}; }
  // What to hold afterwards, whatever is held now. Zero is flat.
  static constexpr Size target_units(double units) { return {RL_SIZE_TARGET_UNITS, units}; }
  static constexpr Size target_value(double value) { return {RL_SIZE_TARGET_VALUE, value}; }
  static constexpr Size target_equity_pct(double percent) {
    return {RL_SIZE_TARGET_EQUITY_PCT, percent};
  }
};

// One order before it is submitted. Good until cancelled, unless it is for_the_day or for_bars. A
// host that does not serve a kind, validity or attachment rejects the order: look at what submit
// returns.
//
//   step.submit(Order::limit(Size::units(10), 9.5).stop_loss(9).take_profit(12).because("dip"));
class Order {
 public:
  // At the next bar's open.
  static Order market(Size size) { return Order(RL_MARKET, size); }
  static Order limit(Size size, double price) {
    Order order(RL_LIMIT, size);
    order.abi_.limit_price = price;
    return order;
  }
  static Order stop(Size size, double price) {
    Order order(RL_STOP, size);
    order.abi_.stop_price = price;
    return order;
  }
  struct StopLimit {
    double stop, limit;
  };
  static Order stop_limit(Size size, StopLimit prices) {
    Order order(RL_STOP_LIMIT, size);
    order.abi_.stop_price = prices.stop;
    order.abi_.limit_price = prices.limit;
    return order;
  }
  // `distance` is in quote currency from the best price since submission, percent is of that price.
  static Order trailing_stop(Size size, double distance) {
    Order order(RL_TRAILING_STOP, size);
    order.abi_.trail = distance;
    return order;
  }
  static Order trailing_stop_percent(Size size, double percent) {
    Order order = trailing_stop(size, percent);
    order.abi_.flags |= RL_TRAIL_PERCENT;
    return order;
  }
  // At the next bar's close.
  static Order market_on_close(Size size) { return Order(RL_MARKET_ON_CLOSE, size); }

  Order& for_the_day() {
    abi_.time_in_force = RL_DAY;
    return *this;
  }
  Order& for_bars(std::uint32_t bars) {
    abi_.time_in_force = RL_BARS;
    abi_.expire_bars = bars;
    return *this;
  }
  // Never opens or turns a position.
  Order& reduce_only() {
    abi_.flags |= RL_REDUCE_ONLY;
    return *this;
  }
  // Prices at which what the order opened is left again; the one that fills cancels the other. They
  // live from the order's fill on, and end with the position.
  Order& stop_loss(double price) {
    abi_.stop_loss = price;
    return *this;
  }
  Order& take_profit(double price) {
    abi_.take_profit = price;
    return *this;
  }
  // Borrowed until the order is submitted.
  Order& because(const char* reason) {
    abi_.reason = reason;
    return *this;
  }
  Order& on_series(std::uint32_t series) {
    abi_.series = series;
    return *this;
  }

  [[nodiscard]] const rl_order& abi() const { return abi_; }

 private:
  Order(std::uint32_t kind, Size size) {
    abi_.struct_size = sizeof abi_;
    abi_.kind = kind;
    abi_.size_mode = size.mode;
    abi_.quantity = size.quantity;
    abi_.reason = "";
  }

  rl_order abi_{};
};

// What became of a submission.
struct Placed {
  std::uint64_t id = 0;  // zero: rejected, or there was nothing to do
  bool rejected = false;
  // Of what is attached to it; zero for none. Either may be cancelled, and is filled, by its own.
  std::uint64_t stop_loss_id = 0;
  std::uint64_t take_profit_id = 0;

  explicit operator bool() const { return !rejected; }
};

// An order that breaks the contract, such as one with a price that is not a number. It ends the
// run.
class InvalidOrder : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

// The host's side of a strategy: takes orders and words. Valid during the call it is passed to.
class Orders {
 public:
  Orders(const rl_host& host, const rl_publish* publish) : host_(&host), publish_(publish) {}

  // Errors: a host that does not serve this kind of order answers `rejected`, and says so in the
  // run. Throws InvalidOrder.
  [[nodiscard]] Placed submit(const Order& order) const { return place(order.abi()); }

  // Market orders at the next bar's open. buy and sell throw InvalidOrder for a negative size,
  // which would do the opposite of what is read.
  Placed buy(double units, const char* reason = "") const {
    if (units < 0) throw InvalidOrder("buy takes no negative size; sell, or order a signed size");
    return market(Size::units(units), reason);
  }
  Placed sell(double units, const char* reason = "") const {
    if (units < 0) throw InvalidOrder("sell takes no negative size; buy, or order a signed size");
    return market(Size::units(-units), reason);
  }
  Placed order(double signed_units, const char* reason = "") const {
    return market(Size::units(signed_units), reason);
  }
  // Holds that many units afterwards.
  Placed target(double units, const char* reason = "") const {
    return market(Size::target_units(units), reason);
  }
  Placed target_value(double value, const char* reason = "") const {
    return market(Size::target_value(value), reason);
  }
  Placed target_equity_pct(double percent, const char* reason = "") const {
    return market(Size::target_equity_pct(percent), reason);
  }
  Placed close(const char* reason = "") const { return market(Size::close(), reason); }
  Placed market(Size size, const char* reason = "") const {
    return place(Order::market(size).because(reason).abi());
  }

  // False: no such order waits. An order takes what is attached to it along.
  bool cancel(std::uint64_t order_id) const {
    return order_id != 0 && host_->cancel(host_, order_id) == RL_OK;
  }
  void cancel_all() const { host_->cancel(host_, 0); }

  void log(const char* text) const { log(RL_LOG_INFO, text); }
  void log(std::int32_t level, const char* text) const { host_->log(host_, level, text); }

  // Whether anybody asks for published values.
  [[nodiscard]] bool publishing() const { return publish_ != nullptr; }
  // Sets the value of the named line for the bar that has just closed.
  void publish(const char* name, double value) const {
    if (publish_ != nullptr) publish_->value(host_, name, value);
  }

  // The run's only source of chance.
  [[nodiscard]] std::uint64_t seed() const { return host_->seed; }

 private:
  [[nodiscard]] Placed place(const rl_order& order) const {
    std::uint64_t id = 0;
    const rl_status status = host_->submit(host_, &order, &id);
    if (status == RL_OK) [[likely]] {
      Placed placed{.id = id};
      if (order.stop_loss != 0) placed.stop_loss_id = ++id;
      if (order.take_profit != 0) placed.take_profit_id = ++id;
      return placed;
    }
    if (status == RL_REJECTED) return {.rejected = true};
    throw InvalidOrder("an order breaks the contract");
  }

  const rl_host* host_;
  const rl_publish* publish_;
};

}  // namespace runledger
