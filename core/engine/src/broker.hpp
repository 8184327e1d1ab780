#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <runledger/engine/result.hpp>
#include <runledger/engine/run.hpp>
#include <runledger/strategy_abi.h>

#include "execution.hpp"
#include "financing.hpp"
#include "matching.hpp"
#include "order_book.hpp"

namespace runledger {

// Takes a run's orders, carries them out on the bars that follow, and writes down what happened.
class Broker {
 public:
  Broker(const Settings& settings, const BarColumns& bars, RunResult& result);
  Broker(const Broker&) = delete;
  Broker& operator=(const Broker&) = delete;

  // Records an order of bar `bar` that check_order accepted, and what is attached to it. Returns
  // its id.
  std::uint64_t submit(const rl_order& order, std::uint64_t bar);
  // Records an order that is understood and refused on the spot. Returns its id.
  std::uint64_t reject(const rl_order& order, std::uint64_t bar, RefusalCode code,
                       std::string reason);
  // False when no such order waits; id 0 cancels all.
  bool cancel(std::uint64_t id, std::uint64_t bar) { return book_.cancel(id, bar); }

  // Carries out on `bar` what waits. May be skipped when there is no work.
  void carry_out(std::uint64_t bar);
  // Charges what is due and takes equity at the close of `bar`; a bankrupt account is closed there.
  double close_bar(std::uint64_t bar);
  // After the last bar.
  void finish();

  [[nodiscard]] bool has_waiting() const { return !book_.empty(); }
  // Whether the next bar has something to carry out.
  [[nodiscard]] bool has_work() const { return !book_.empty() || margin_call_; }
  // Whether an order and what is attached to it are within kOrdersMax and kWaitingOrdersMax.
  [[nodiscard]] bool has_room_for(const rl_order& order) const {
    const std::size_t more = orders_in(order);
    return result_.orders.size() + more <= kOrdersMax && book_.size() + more <= kWaitingOrdersMax;
  }
  [[nodiscard]] bool bankrupt() const { return result_.bankrupt; }
  [[nodiscard]] const Holdings& holdings() const { return execution_.holdings(); }
  [[nodiscard]] bool rounded_to_lots() const { return execution_.rounded(); }
  [[nodiscard]] bool volume_missed() const { return execution_.volume_missed(); }
  // The orders that wait, as a strategy sees them; valid until the next call of anything here.
  std::span<const rl_open_order* const> open_orders();

  // What the strategy has not been told yet.
  [[nodiscard]] std::span<const Execution::Notice> notices() const { return execution_.notices(); }
  void clear_notices() { execution_.clear_notices(); }

 private:
  // With what is attached to it.
  static std::size_t orders_in(const rl_order& order) {
    return 1U + (order.stop_loss != 0 ? 1U : 0U) + (order.take_profit != 0 ? 1U : 0U);
  }
  OrderRecord& add_record(const rl_order& order, std::uint64_t bar);
  // Of the order recorded last.
  void add_exit(std::uint64_t bar, OrderRole role, double price);
  // Sizes what the close of the signal bar decides. False when that leaves nothing to wait for.
  bool size_at_signal(WaitingOrder& order, const rl_order& asked);
  // What is held once the closing orders that wait before it are through, at the signal close.
  [[nodiscard]] Holdings to_spend(const WaitingOrder& asked) const;
  void check_at_submit(std::uint64_t bar);
  double take_equity(std::uint64_t bar);
  double close_financed(std::uint64_t bar);
  double close_bankrupt(std::uint64_t bar);
  void carry_over(std::uint64_t bar, double equity);
  void pay_financing(std::uint64_t bar);

  const BarColumns& bars_;
  const double* close_;
  RunResult& result_;
  double* equity_;
  Execution execution_;
  OrderBook book_;
  Matching matching_;
  Financing financing_;
  bool finances_;             // or watches the margin
  bool margin_call_ = false;  // due at the next open
  std::vector<rl_open_order> open_orders_;
  std::vector<const rl_open_order*> open_order_pointers_;
};

}  // namespace runledger
