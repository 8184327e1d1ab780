// What a C++ strategy sees at the close of a bar.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include <runledger/bar.hpp>
#include <runledger/sdk/order.hpp>
#include <runledger/strategy_abi.h>

namespace runledger {

// One instrument's closed bars, oldest first; the last element is the bar that has just closed.
struct ClosedBars {
  std::span<const std::int64_t> close_time_ns;  // since 1970 in UTC
  std::span<const double> open, high, low, close;
  std::span<const double> volume;  // NaN where the data has none

  [[nodiscard]] std::size_t size() const { return close.size(); }
  // The bar that has just closed.
  [[nodiscard]] Bar last() const {
    return {.open = open.back(),
            .high = high.back(),
            .low = low.back(),
            .close = close.back(),
            .volume = volume.back()};
  }
};

using Fill = rl_fill;
using Refusal = rl_refusal;

// The moment after a bar has closed: the bars so far, the account, and a way to act.
//
// Ownership: everything in it is borrowed for the length of the call.
class Step : public Orders {
 public:
  Step(const rl_step& step, const rl_host& host, const rl_publish* publish)
      : Orders(host, publish), step_(&step) {}

  [[nodiscard]] ClosedBars bars(std::size_t series = 0) const {
    const rl_series& columns = step_->series[series];
    const std::size_t count = columns.count;
    return {.close_time_ns = {columns.close_time_ns, count},
            .open = {columns.open, count},
            .high = {columns.high, count},
            .low = {columns.low, count},
            .close = {columns.close, count},
            .volume = {columns.volume, count}};
  }
  [[nodiscard]] std::size_t series_count() const { return step_->series_count; }
  // The close time of the bar that has just closed.
  [[nodiscard]] std::int64_t now_ns() const { return step_->now_ns; }

  // Signed units, after all fills so far.
  [[nodiscard]] double position(std::size_t series = 0) const {
    return step_->series[series].position;
  }
  [[nodiscard]] double cash() const { return step_->account->cash; }
  // Cash and positions at the close.
  [[nodiscard]] double equity() const { return step_->account->equity; }
  // Of the open position of series 0; NaN when flat.
  [[nodiscard]] double average_price() const { return step_->account->average_price; }
  [[nodiscard]] double unrealised_pnl() const { return step_->account->unrealised_pnl; }
  // Orders that wait, in the sequence of their submission.
  [[nodiscard]] std::span<const rl_open_order* const> open_orders() const {
    return {step_->account->open_orders, step_->account->open_order_count};
  }

  // Leaves a short position, if there is one, and goes long by the run's size (--size); nothing
  // when long already. A run's percent of cash is taken now, before the short is left.
  Placed enter_long(const char* reason = "") const {
    if (position() > 0) return {};
    if (position() < 0) close(reason);
    return market(Size::buy_by_run(), reason);
  }
  // The same the other way round.
  Placed enter_short(const char* reason = "") const {
    if (position() < 0) return {};
    if (position() > 0) close(reason);
    return market(Size::sell_by_run(), reason);
  }
  // Leaves the position; nothing when flat.
  Placed close(const char* reason = "") const {
    return position() == 0 ? Placed{} : Orders::close(reason);
  }

 private:
  const rl_step* step_;
};

// For a strategy that goes by volume: on the first bar of data without any, says so in the run's
// log, as whoever looks for the reason why nothing was traded will want to know.
inline void warn_without_volume(const Step& step) {
  const auto volume = step.bars().volume;
  if (volume.size() == 1 && std::isnan(volume.front()))
    step.log(RL_LOG_WARN, "the data has no volume, and this strategy does not trade without");
}

}  // namespace runledger
