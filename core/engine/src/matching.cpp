#include "matching.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace runledger {

Matching::Matching(OrderBook& book, Execution& execution, const BarColumns& bars, RunResult& result)
    : book_(book), execution_(execution), bars_(bars), result_(result) {}

void Matching::carry_out(std::uint64_t bar) {
  bar_ = bar;
  at_open();
  if (!inside_.empty()) inside();
  if (!late_.empty()) late();
  if (!closing_.empty()) at_close();
  book_.drop_ended();
}

// By position: an order that wakes at this open stands behind its entry, and has its turn next.
void Matching::at_open() {
  bool has_prices = false;
  for (std::size_t at = 0; at < book_.size(); ++at) {
    WaitingOrder& order = book_.orders()[at];
    if (!order.live()) continue;
    if (order.kind == RL_MARKET) {
      execute(order, at_market(bars_.open[bar_]));
    } else if (order.kind == RL_MARKET_ON_CLOSE) {
      closing_.push_back(at);
    } else if (book_.expired(order, bar_)) {
      book_.end(order, bar_, OrderOutcome::expired);
    } else {
      // Columns that market orders alone need not touch.
      if (!std::exchange(has_prices, true)) {
        prices_ = {bars_.open[bar_], bars_.high[bar_], bars_.low[bar_], bars_.close[bar_]};
      }
      touch(at);
    }
  }
}

void Matching::touch(std::size_t at) {
  WaitingOrder& order = book_.orders()[at];
  const Touch touch = touch_of(order, prices_, quote(order.buys));
  order.triggered = touch.triggered;
  order.best = touch.best;
  order.fresh = false;
  switch (touch.when) {
    case Touch::When::never:
      return;
    case Touch::When::at_open:
      execute(order, offer_of(touch));
      return;
    case Touch::When::inside:
      inside_.push_back({at, touch, std::abs(touch.level - prices_.open)});
      return;
    case Touch::When::late:
    case Touch::When::perhaps:
      late_.push_back({at, touch, 0});
      return;
  }
}

// Against the position, so that of a stop and a target the stop comes first.
bool Matching::above_first() const {
  const double held = execution_.holdings().units;
  if (held != 0) return held < 0;
  return prices_.high - prices_.open < prices_.open - prices_.low;
}

void Matching::inside() {
  const bool first = above_first();
  std::ranges::sort(inside_, {}, [&](const Inside& inside) {
    return std::tuple(inside.touch.above != first, inside.distance, inside.order);
  });
  const auto second =
      std::ranges::find_if(inside_, [&](const Inside& i) { return i.touch.above != first; });
  const std::span all(inside_);
  const std::span first_side = all.first(static_cast<std::size_t>(second - inside_.begin()));
  const std::span second_side = all.subspan(first_side.size());
  if (first_side.empty() || second_side.empty()) {
    for (const Inside& inside : all) execute(inside);
  } else {
    both_ways(first_side, second_side);
  }
  inside_.clear();
}

// Counts what of the second way is decided by the first having been the first.
void Matching::both_ways(std::span<const Inside> first, std::span<const Inside> second) {
  const Account before = execution_.account();
  const std::size_t fills = result_.fills.size();
  for (const Inside& inside : first) execute(inside);
  const bool decides = result_.fills.size() != fills;
  for (const Inside& inside : second) {
    const WaitingOrder order = book_.orders()[inside.order];
    const double traded = execute(inside);
    if (!decides) continue;
    const OrderPlan otherwise =
        plan_order(before, book_.record(order), order, offer_of(inside.touch));
    if (traded != otherwise.traded()) ++result_.ambiguities;
  }
}

void Matching::late() {
  for (const Inside& inside : late_) {
    if (!book_.orders()[inside.order].live()) continue;
    ++result_.ambiguities;
    if (inside.touch.when == Touch::When::late) execute(inside);
  }
  late_.clear();
}

void Matching::at_close() {
  for (const std::size_t at : closing_) {
    WaitingOrder& order = book_.orders()[at];
    if (order.live()) execute(order, at_market(bars_.close[bar_]));
  }
  closing_.clear();
}

double Matching::volume() const {
  return execution_.account().prices().by_volume() ? bars_.volume[bar_] : 0;
}

Offer Matching::at_market(double price) const { return {.price = price, .volume = volume()}; }

Offer Matching::offer_of(const Touch& touch) const {
  return {.price = touch.price, .firm = touch.firm, .maker = touch.maker, .volume = volume()};
}

double Matching::execute(WaitingOrder& order, const Offer& offer) {
  const OrderBook::Carried carried = execution_.carry_out(order, offer, bar_);
  book_.carried_out(order, bar_, carried);
  return carried.traded;
}

double Matching::execute(const Inside& inside) {
  WaitingOrder& order = book_.orders()[inside.order];
  if (!order.live()) return 0;
  const bool buys = order.buys;
  const double traded = execute(order, offer_of(inside.touch));
  const double price = inside.touch.price;
  exit_in_bar(order, {.buys = buys,
                      .passage = inside.touch.passage,
                      .level = inside.touch.firm ? price / quote(buys) : price});
  return traded;
}

void Matching::exit_in_bar(const WaitingOrder& entry, const InsideEntry& how) {
  ExitPrices prices;
  for (WaitingOrder& exit : book_.exits_of(entry)) {
    if (!exit.live()) return;
    exit.fresh = false;
    (exit.role == OrderRole::stop_loss ? prices.stop_loss : prices.take_profit) =
        exit.role == OrderRole::stop_loss ? exit.stop : exit.limit;
  }
  const ExitTouch touch = exit_in_entry_bar(how, prices, prices_, quote(!how.buys));
  if (touch.ambiguous) ++result_.ambiguities;
  for (WaitingOrder& exit : book_.exits_of(entry)) {
    if (exit.role != touch.role || !exit.live()) continue;
    execute(
        exit,
        {.price = touch.price, .firm = touch.role == OrderRole::take_profit, .maker = touch.maker});
  }
}

}  // namespace runledger
