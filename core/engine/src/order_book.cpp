#include "order_book.hpp"

#include <algorithm>
#include <utility>

#include <runledger/base/time.hpp>

namespace runledger {
namespace {

std::int64_t utc_day(TimeNs time) { return time / kDayNs - (time % kDayNs < 0 ? 1 : 0); }

}  // namespace

std::span<WaitingOrder> OrderBook::exits_of(const WaitingOrder& entry) {
  if (!entry.has_exits) return {};
  const std::span<WaitingOrder> behind =
      orders().subspan(static_cast<std::size_t>(&entry - orders_.data()) + 1);
  const auto attached = [&](const WaitingOrder& order) { return order.entry == entry.id; };
  return behind.first(
      static_cast<std::size_t>(std::ranges::find_if_not(behind, attached) - behind.begin()));
}

bool OrderBook::expired(const WaitingOrder& order, std::uint64_t bar) const {
  switch (order.time_in_force) {
    case RL_DAY:
      return utc_day(label_[bar]) != utc_day(label_[order.bar + 1]);
    case RL_BARS:
      return bar - order.bar > order.expire_bars;
    default:
      return false;
  }
}

bool OrderBook::cancel(std::uint64_t id, std::uint64_t bar) {
  if (id == 0) {
    for (WaitingOrder& order : orders_) {
      if (order.state != WaitingOrder::State::ended) end(order, bar, OrderOutcome::cancelled);
    }
    drop_ended();
    return true;
  }
  const auto found = std::ranges::lower_bound(orders_, id, {}, &WaitingOrder::id);
  if (found == orders_.end() || found->id != id) return false;
  end(*found, bar, OrderOutcome::cancelled);
  drop_ended();
  return true;
}

void OrderBook::cancel_all(std::uint64_t bar) {
  for (WaitingOrder& order : orders_) end_by_engine(order, bar);
  drop_ended();
}

void OrderBook::cancel_entries(std::uint64_t bar) {
  for (WaitingOrder& order : orders_) {
    if (order.opens_position) end(order, bar, OrderOutcome::cancelled_by_engine);
  }
  drop_ended();
}

void OrderBook::cancel_live_exits(std::uint64_t bar) {
  if (live_exits_ == 0) return;
  for (WaitingOrder& order : orders_) {
    if (order.role != OrderRole::plain && order.live()) end_by_engine(order, bar);
  }
}

void OrderBook::end(WaitingOrder& order, std::uint64_t bar, OrderOutcome outcome) {
  set_ended(order);
  OrderRecord& record = records_[order.id - 1];
  record.outcome = outcome;
  record.outcome_bar = bar;
  for (WaitingOrder& exit : exits_of(order)) end_by_engine(exit, bar);
}

void OrderBook::carried_out(WaitingOrder& order, std::uint64_t bar, const Carried& what) {
  set_ended(order);
  if (order.role != OrderRole::plain) end_other_exit(order, bar);
  if (what.position_gone) cancel_live_exits(bar);
  for (WaitingOrder& exit : exits_of(order)) {
    if (exit.state != WaitingOrder::State::asleep) continue;
    if (what.opened == 0) {
      end_by_engine(exit, bar);
      continue;
    }
    exit.state = WaitingOrder::State::live;
    exit.units = -what.opened;
    exit.buys = what.opened < 0;
    ++live_exits_;
  }
}

void OrderBook::drop_ended() {
  if (ended_ == 0) return;
  if (std::exchange(ended_, 0) == orders_.size()) return orders_.clear();
  std::erase_if(
      orders_, [](const WaitingOrder& order) { return order.state == WaitingOrder::State::ended; });
}

void OrderBook::end_by_engine(WaitingOrder& order, std::uint64_t bar) {
  if (order.state == WaitingOrder::State::ended) return;
  set_ended(order);
  OrderRecord& record = records_[order.id - 1];
  record.outcome = OrderOutcome::cancelled_by_engine;
  record.outcome_bar = bar;
}

// The two of one entry stand side by side.
void OrderBook::end_other_exit(const WaitingOrder& exit, std::uint64_t bar) {
  const auto at = static_cast<std::size_t>(&exit - orders_.data());
  if (at > 0 && orders_[at - 1].entry == exit.entry) end_by_engine(orders_[at - 1], bar);
  if (at + 1 < orders_.size() && orders_[at + 1].entry == exit.entry)
    end_by_engine(orders_[at + 1], bar);
}

void OrderBook::set_ended(WaitingOrder& order) {
  if (order.role != OrderRole::plain && order.live()) --live_exits_;
  order.state = WaitingOrder::State::ended;
  ++ended_;
}

}  // namespace runledger
