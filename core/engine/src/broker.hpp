#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <runledger/engine/result.hpp>
#include <runledger/engine/run.hpp>
#include <runledger/strategy_abi.h>

#include "account.hpp"
#include "sizing.hpp"
#include "trade_book.hpp"

namespace runledger {

// Takes a run's orders, carries them out at the next open, and writes down what happened.
class Broker {
 public:
  Broker(const Settings& settings, const BarColumns& bars, RunResult& result);

  // Records an order of bar `bar` that check_order accepted. Returns its id.
  std::uint64_t submit(const rl_order& order, std::uint64_t bar);
  // Records an order that is understood and refused on the spot. Returns its id.
  std::uint64_t reject(const rl_order& order, std::uint64_t bar, RefusalCode code,
                       std::string reason);
  // False when no such order waits; id 0 cancels all.
  bool cancel(std::uint64_t id, std::uint64_t bar);

  // Carries out at the open of `bar` what waits. May be skipped when nothing does.
  void open_bar(std::uint64_t bar);
  // Takes equity at the close of `bar`; a bankrupt account is closed there.
  double close_bar(std::uint64_t bar);
  // After the last bar.
  void finish();

  [[nodiscard]] bool has_waiting() const { return !waiting_.empty(); }
  [[nodiscard]] bool full() const { return waiting_.size() >= kWaitingOrdersMax; }
  [[nodiscard]] bool bankrupt() const { return result_.bankrupt; }
  [[nodiscard]] const Holdings& holdings() const { return account_.holdings(); }
  [[nodiscard]] bool rounded_to_lots() const { return rounded_; }
  // The orders that wait, as a strategy sees them; valid until the next call of anything here.
  std::span<const rl_open_order* const> open_orders();

  // What the strategy has not been told yet, in the order in which it happened.
  struct Notice {
    bool refusal;       // else a fill
    std::size_t index;  // in result.fills or result.refusals
  };
  [[nodiscard]] std::span<const Notice> notices() const { return notices_; }
  void clear_notices() { notices_.clear(); }

 private:
  struct Waiting {
    std::uint64_t id;
    double units;  // NaN while its size is not known
  };

  OrderRecord& record(std::uint64_t id) { return result_.orders[id - 1]; }
  OrderRecord& add_record(const rl_order& order, std::uint64_t bar);
  double units_at(const Waiting& waiting, double price);
  // What is held once the closing orders that wait are through, each at `price`.
  [[nodiscard]] Holdings after_waiting_exits(double price) const;
  void note_rounding(const OrderSize& size, const Holdings& to_spend, double units, double price);
  void check_at_submit(std::uint64_t bar);
  void carry_out(const Waiting& waiting, std::uint64_t bar);
  void fill(std::uint64_t id, std::uint64_t bar, const Parts& parts);
  void refuse(std::uint64_t id, std::uint64_t bar, double units, Denial denial);
  void end_order(std::uint64_t id, std::uint64_t bar, OrderOutcome outcome);
  void close_bankrupt(std::uint64_t bar);

  const double* open_;
  const double* close_;
  RunResult& result_;
  double* equity_;
  Account account_;
  TradeBook trades_;
  std::vector<Waiting> waiting_, carried_out_;
  std::vector<Notice> notices_;
  std::vector<rl_open_order> open_orders_;
  std::vector<const rl_open_order*> open_order_pointers_;
  bool rounded_ = false;
};

}  // namespace runledger
