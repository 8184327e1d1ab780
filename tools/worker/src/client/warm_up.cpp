#include "warm_up.hpp"

#include <algorithm>
#include <cmath>
#include <compare>
#include <ranges>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <runledger/strategy_abi.h>

#include "decisions.hpp"
#include "other_bars.hpp"

namespace runledger::worker {
namespace {

constexpr std::uint64_t kBarsMin = 4 * kLaterStarts;
// What is left of a position that was closed, through rounding, as a share of the largest.
constexpr double kFlat = 1e-9;

int sign(double value) { return value > 0 ? 1 : value < 0 ? -1 : 0; }

// A decision without its size: on which bar of the whole run, what, and which side.
struct Decision {
  std::uint64_t bar;
  std::uint32_t what;  // the kind of an order submitted; kCancel: an order taken back
  int side;
  auto operator<=>(const Decision&) const = default;
};
constexpr std::uint32_t kCancel = ~0u;

int side_of(const OrderRecord& order) {
  return order.size_mode == RL_SIZE_CLOSE ? 0 : sign(order.quantity);
}

std::vector<Decision> decisions_of(const RunResult& result, std::uint64_t start) {
  std::vector<Decision> decisions;
  for (const OrderRecord& order : result.orders) {
    if (submitted(order)) decisions.push_back({start + order.bar, order.kind, side_of(order)});
    if (const auto bar = cancel_bar(order))
      decisions.push_back({start + *bar, kCancel, side_of(order)});
  }
  std::ranges::stable_sort(decisions, {}, &Decision::bar);
  return decisions;
}

// The side of the position after each of `bars` bars, of which the run begins with `start`.
std::vector<std::int8_t> sides(const RunResult& result, std::uint64_t start, std::uint64_t bars) {
  std::vector<std::int8_t> side(bars, 0);
  double position = 0;
  double largest = 0;
  std::uint64_t bar = start;
  const auto hold_until = [&](std::uint64_t end) {
    const int held = std::abs(position) <= kFlat * largest ? 0 : sign(position);
    for (; bar < std::min(end, bars); ++bar) side[bar] = static_cast<std::int8_t>(held);
  };
  for (const FillRecord& fill : result.fills) {
    hold_until(start + fill.bar);
    position += fill.quantity;
    largest = std::max(largest, std::abs(position));
  }
  hold_until(bars);
  return side;
}

// The last bar from `start` on with decisions that only one of them made.
std::uint64_t last_other_decision(const std::vector<Decision>& one,
                                  const std::vector<Decision>& other, std::uint64_t start) {
  const auto newest = std::views::reverse(one);
  const auto newest_other = std::views::reverse(other);
  const auto [at, at_other] = std::ranges::mismatch(newest, newest_other);
  std::uint64_t last = kNoBar;
  if (at != newest.end() && at->bar >= start) last = at->bar;
  if (at_other != newest_other.end())
    last = last == kNoBar ? at_other->bar : std::max(last, at_other->bar);
  return last;
}

std::uint64_t last_other_side(const std::vector<std::int8_t>& one,
                              const std::vector<std::int8_t>& other, std::uint64_t start) {
  for (std::uint64_t bar = one.size(); bar > start; --bar)
    if (one[bar - 1] != other[bar - 1]) return bar - 1;
  return kNoBar;
}

std::uint64_t orders_from(const RunResult& result, std::uint64_t bar) {
  return static_cast<std::uint64_t>(std::ranges::count_if(
      result.orders,
      [&](const OrderRecord& order) { return submitted(order) && order.bar >= bar; }));
}

}  // namespace

std::optional<std::uint64_t> bars_until_agreed(const RunResult& whole, const RunResult& later,
                                               std::uint64_t start, std::uint64_t bars) {
  const std::uint64_t decided =
      last_other_decision(decisions_of(whole, 0), decisions_of(later, start), start);
  const std::uint64_t held =
      last_other_side(sides(whole, 0, bars), sides(later, start, bars), start);
  // kNoBar + 1 is 0: there is no such bar.
  const std::uint64_t from = std::max({decided + 1, held + 1, start});
  return from < bars ? std::optional(from - start) : std::nullopt;
}

Result<WarmUp> compare_starts(const RunCall& call, const RunResult& whole, const CheckRuns& runs) {
  WarmUp found;
  const std::uint64_t bars = call.bars->size();
  if (bars < kBarsMin) {
    found.why = fmt::format("there are fewer than {} bars", kBarsMin);
    return found;
  }
  if (whole.orders.empty()) {
    found.why = "it ordered nothing";
    return found;
  }
  found.bars = 0;
  for (std::uint64_t part = 1; part <= kLaterStarts; ++part) {
    const std::uint64_t start = bars * part / (2 * kLaterStarts);
    RL_TRY(const SharedBars shown, bars_from(*call.bars, start));
    RunCall changed = call;
    changed.bars = &shown;
    runs.refresh();
    RL_TRY(const RunOutcome outcome, runs.run(changed, schema::FutureShown::real));
    if (!outcome) {
      found = WarmUp();
      found.why = fmt::format("started at bar {} it fails: {}", start, outcome.error().message);
      return found;
    }
    RL_TRY(const RunResult later, decode_result(outcome->result));
    const auto agreed = bars_until_agreed(whole, later, start, bars);
    found.starts.push_back(start);
    if (agreed) found.orders_after += orders_from(later, *agreed);
    const bool longer = found.bars && (!agreed || *agreed > *found.bars);
    if (!longer) continue;
    found.bars = agreed;
    found.start = start;
  }
  return found;
}

}  // namespace runledger::worker
