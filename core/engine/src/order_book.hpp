#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <runledger/engine/result.hpp>
#include <runledger/market/bars.hpp>

#include "waiting_order.hpp"

namespace runledger {

// The orders that wait, in the sequence of their ids: what is attached to an order stands right
// behind it. Whatever ends an order also ends, or wakes, what hangs on it: section 10 of
// core/engine/FILLS.md.
//
// Ownership: borrows the run's order records, whose outcomes it writes.
class OrderBook {
 public:
  OrderBook(std::vector<OrderRecord>& records, const BarColumns& bars)
      : records_(records), label_(bars.label.data()) {}

  // An order yet to be described. Ids are in sequence, exits after their entry.
  WaitingOrder& add(std::uint64_t id, std::uint64_t bar) {
    WaitingOrder& order = orders_.emplace_back();
    order.id = id;
    order.bar = bar;
    return order;
  }

  [[nodiscard]] bool empty() const { return orders_.empty(); }
  [[nodiscard]] std::size_t size() const { return orders_.size(); }
  [[nodiscard]] std::span<WaitingOrder> orders() { return orders_; }
  [[nodiscard]] std::span<const WaitingOrder> orders() const { return orders_; }
  [[nodiscard]] const OrderRecord& record(const WaitingOrder& order) const {
    return records_[order.id - 1];
  }
  // What is attached to an entry of the book and has not ended.
  [[nodiscard]] std::span<WaitingOrder> exits_of(const WaitingOrder& entry);

  // Whether the order is good no longer on a bar after its own.
  [[nodiscard]] bool expired(const WaitingOrder& order, std::uint64_t bar) const;

  // By the strategy. False when no such order waits; id 0 cancels all.
  bool cancel(std::uint64_t id, std::uint64_t bar);
  // By the engine: all; those that open a position (section 12); and those that leave one.
  void cancel_all(std::uint64_t bar);
  void cancel_entries(std::uint64_t bar);
  void cancel_live_exits(std::uint64_t bar);

  // Ends an order that has not been carried out.
  void end(WaitingOrder& order, std::uint64_t bar, OrderOutcome outcome);
  // Ends an order that has been, and whose record says so. What is attached to it lives from now
  // on, for the units that it opened; it ends too when nothing was.
  struct Carried {
    double traded = 0;           // signed units
    double opened = 0;           // ... of which these opened
    bool position_gone = false;  // what was held before is: flat, or turned
  };
  void carried_out(WaitingOrder& order, std::uint64_t bar, const Carried& what);

  // Takes out what has ended. Invalidates references.
  void drop_ended();

 private:
  void end_by_engine(WaitingOrder& order, std::uint64_t bar);
  void end_other_exit(const WaitingOrder& exit, std::uint64_t bar);
  void set_ended(WaitingOrder& order);

  std::vector<OrderRecord>& records_;
  const TimeNs* label_;
  std::vector<WaitingOrder> orders_;
  std::size_t live_exits_ = 0;
  std::size_t ended_ = 0;  // still in orders_
};

}  // namespace runledger
