#include "decisions.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include <runledger/base/bytes.hpp>

namespace runledger::worker {
namespace {

// An order as the strategy submitted it.
auto request(const OrderRecord& order) {
  return std::tuple(order.bar, order.kind, order.size_mode, canonical_bits(order.quantity),
                    canonical_bits(order.limit_price), canonical_bits(order.stop_price),
                    canonical_bits(order.trail), canonical_bits(order.stop_loss),
                    canonical_bits(order.take_profit), order.time_in_force, order.expire_bars,
                    order.flags);
}

// Orders taken back up to a bar: when, and which.
using Cancellation = std::pair<std::uint64_t, std::uint64_t>;
std::vector<Cancellation> cancellations(const RunResult& result, std::uint64_t last) {
  std::vector<Cancellation> found;
  for (const OrderRecord& order : result.orders)
    if (const auto bar = cancel_bar(order); bar && *bar <= last) found.emplace_back(*bar, order.id);
  std::ranges::sort(found);
  return found;
}

std::vector<const OrderRecord*> submissions(const RunResult& result, std::uint64_t last) {
  std::vector<const OrderRecord*> found;
  for (const OrderRecord& order : result.orders)
    if (submitted(order) && order.bar <= last) found.push_back(&order);
  return found;
}

// The bar of the first element in which they differ, or that only one of them has.
template <class Element, class Same, class Bar>
std::uint64_t first_bar(const std::vector<Element>& one, const std::vector<Element>& other,
                        const Same& same, const Bar& bar) {
  const auto [at, at_other] = std::ranges::mismatch(one, other, same);
  return std::min(at == one.end() ? kNoBar : bar(*at),
                  at_other == other.end() ? kNoBar : bar(*at_other));
}

}  // namespace

std::optional<std::uint64_t> first_difference(const RunResult& one, const RunResult& other,
                                              std::uint64_t last) {
  const std::uint64_t submitted = first_bar(
      submissions(one, last), submissions(other, last),
      [](const OrderRecord* a, const OrderRecord* b) { return request(*a) == request(*b); },
      [](const OrderRecord* order) { return order->bar; });
  const std::uint64_t cancelled =
      first_bar(cancellations(one, last), cancellations(other, last), std::equal_to(),
                [](const Cancellation& cancellation) { return cancellation.first; });
  const std::uint64_t first = std::min(submitted, cancelled);
  return first == kNoBar ? std::nullopt : std::optional(first);
}

BarDecisions decisions_on(const RunResult& result, std::uint64_t bar) {
  BarDecisions decisions;
  for (const OrderRecord& order : result.orders) {
    if (submitted(order) && order.bar == bar) decisions.orders.push_back(order);
    if (cancel_bar(order) == bar) decisions.cancelled.push_back(order.id);
  }
  return decisions;
}

std::vector<std::uint64_t> decision_bars(const RunResult& result) {
  std::vector<std::uint64_t> bars;
  for (const OrderRecord& order : result.orders) {
    bars.push_back(order.bar);
    if (const auto bar = cancel_bar(order)) bars.push_back(*bar);
  }
  std::ranges::sort(bars);
  const auto repeated = std::ranges::unique(bars);
  bars.erase(repeated.begin(), repeated.end());
  return bars;
}

}  // namespace runledger::worker
