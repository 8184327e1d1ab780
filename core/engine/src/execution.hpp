#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <runledger/engine/result.hpp>
#include <runledger/market/bars.hpp>

#include "account.hpp"
#include "order_book.hpp"
#include "order_plan.hpp"
#include "trade_book.hpp"

namespace runledger {

// Trades on the account and writes down what happened: fills, refusals, trades.
//
// Ownership: borrows the run's result.
class Execution {
 public:
  Execution(const Settings& settings, RunResult& result)
      : result_(result), account_(settings), trades_(result.trades) {}

  [[nodiscard]] const Account& account() const { return account_; }
  [[nodiscard]] const Holdings& holdings() const { return account_.holdings(); }

  // Carries out an order; its record says what became of it.
  OrderBook::Carried carry_out(const WaitingOrder& order, const Offer& offer, std::uint64_t bar);
  // Refuses an order that was taken.
  void refuse(const WaitingOrder& order, std::uint64_t bar, double units, Denial denial);
  // Closes whatever is held; no order of the strategy's.
  void close_position(const Offer& offer, std::uint64_t bar, FillCause cause);
  // After the last bar.
  void finish() { trades_.finish(); }

  // Whether a size was rounded to lots.
  [[nodiscard]] bool rounded() const { return rounded_; }
  void note_rounding(const OrderSize& size, const Holdings& to_spend, double units, double price);
  // ... of an order that waits for its size, at this price.
  void note_rounding(const OrderRecord& record, const WaitingOrder& order, double price);
  // Whether slippage by volume met a bar without volume.
  [[nodiscard]] bool volume_missed() const { return volume_missed_; }
  void add_cash(double cash) { account_.add_cash(cash); }

  // What the strategy has not been told yet, in the order in which it happened.
  struct Notice {
    bool refusal;       // else a fill
    std::size_t index;  // in result.fills or result.refusals
  };
  [[nodiscard]] std::span<const Notice> notices() const { return notices_; }
  void clear_notices() { notices_.clear(); }

 private:
  void fill(std::uint64_t id, std::uint64_t bar, const Parts& parts, FillCause cause);
  void end(std::uint64_t id, std::uint64_t bar, OrderOutcome outcome);

  RunResult& result_;
  Account account_;
  TradeBook trades_;
  std::vector<Notice> notices_;
  bool rounded_ = false;
  bool volume_missed_ = false;
};

}  // namespace runledger
