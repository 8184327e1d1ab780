#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <runledger/engine/result.hpp>
#include <runledger/market/bars.hpp>

#include "execution.hpp"
#include "order_book.hpp"
#include "touch.hpp"

namespace runledger {

// Holds one bar after the other against the orders that wait, along the one path that sections 9
// to 11 of core/engine/FILLS.md assume.
//
// Ownership: borrows book, execution and result.
class Matching {
 public:
  Matching(OrderBook& book, Execution& execution, const BarColumns& bars, RunResult& result);

  // What is no longer valid is taken off; the rest is carried out at the open, inside the bar, and
  // at its close.
  void carry_out(std::uint64_t bar);

 private:
  // An order that the bar touches between open and close.
  struct Inside {
    std::size_t order;  // in the book
    Touch touch;
    double distance;  // from the open
  };

  void at_open();
  void touch(std::size_t at);
  void inside();
  void both_ways(std::span<const Inside> first, std::span<const Inside> second);
  void late();
  void at_close();
  // Whether the path goes to the high before it goes to the low.
  [[nodiscard]] bool above_first() const;
  [[nodiscard]] double quote(bool buys) const { return execution_.account().prices().quote(buys); }
  [[nodiscard]] Offer at_market(double price) const;
  [[nodiscard]] double volume() const;
  [[nodiscard]] Offer offer_of(const Touch& touch) const;
  // Signed units that were traded.
  double execute(WaitingOrder& order, const Offer& offer);
  double execute(const Inside& inside);
  void exit_in_bar(const WaitingOrder& entry, const InsideEntry& how);

  OrderBook& book_;
  Execution& execution_;
  const BarColumns& bars_;
  RunResult& result_;
  std::uint64_t bar_ = 0;
  BarPrices prices_{};  // once an order waits for one of them
  std::vector<Inside> inside_, late_;
  std::vector<std::size_t> closing_;
};

}  // namespace runledger
