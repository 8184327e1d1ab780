#include <algorithm>
#include <utility>

#include "result_writer.hpp"

namespace runledger {
namespace {

constexpr std::string_view kDecisionsV1 = "runledger/decisions/v1\n";
constexpr std::string_view kDecisionsV2 = "runledger/decisions/v2\n";

bool attached(const OrderRecord& order) { return order.role != OrderRole::plain; }

bool attached_and_cancelled(const OrderRecord& order) {
  return attached(order) && cancel_bar(order).has_value();
}

// What of the attached orders the strategy took back; their prices are those of their entries.
template <class Writer>
void write_cancelled_exits(Writer& out, const RunResult& result) {
  out.number(
      static_cast<std::uint64_t>(std::ranges::count_if(result.orders, attached_and_cancelled)));
  std::uint64_t requests = 0;  // an attached order stands behind its entry, the last request
  for (const OrderRecord& order : result.orders) {
    if (!attached(order)) ++requests;
    if (!attached_and_cancelled(order)) continue;
    out.number(requests).number(static_cast<std::uint64_t>(order.role)).number(order.outcome_bar);
  }
}

}  // namespace

std::uint64_t entry_of(std::span<const OrderRecord> orders, const OrderRecord& order) {
  if (!attached(order)) return 0;
  const bool beside =
      order.role == OrderRole::take_profit && orders[order.id - 2].role == OrderRole::stop_loss;
  return order.id - (beside ? 2 : 1);
}

std::optional<std::uint64_t> cancel_bar(const OrderRecord& order) {
  if (order.outcome != OrderOutcome::cancelled) return std::nullopt;
  return order.outcome_bar;
}

std::uint64_t margin_calls(const RunResult& result) {
  return static_cast<std::uint64_t>(
      std::ranges::count(result.fills, FillCause::margin_call, &FillRecord::cause));
}

bool has_flows_beyond_v1(const RunResult& result) {
  return canonical_bits(result.borrow_fees) != 0 || canonical_bits(result.interest) != 0;
}

bool beyond_v1(const RunResult& result) {
  const auto beyond = [](const auto& record) { return beyond_v1(record); };
  return has_flows_beyond_v1(result) || std::ranges::any_of(result.orders, beyond) ||
         std::ranges::any_of(result.fills, beyond);
}

Digest result_digest(const RunResult& result) {
  for (const ResultFormat& format : {kResultV1, kResultV2}) {
    Sha256 hash;
    if (write_result(result, format, [&](ByteView bytes) { hash.update(bytes); }))
      return hash.finish();
  }
  std::unreachable();
}

Digest decision_digest(const RunResult& result) {
  Sha256 hash;
  const auto sink = [&](ByteView bytes) { hash.update(bytes); };
  BlockWriter<const decltype(sink)> out(sink);
  const bool took_back_exits = std::ranges::any_of(result.orders, attached_and_cancelled);
  out.text(took_back_exits ? kDecisionsV2 : kDecisionsV1);
  out.number(result.orders.size() -
             static_cast<std::uint64_t>(std::ranges::count_if(result.orders, attached)));
  for (const OrderRecord& order : result.orders) {
    if (attached(order)) continue;
    write_request(out, order);
    out.number(cancel_bar(order).value_or(kNoBar));
  }
  if (took_back_exits) write_cancelled_exits(out, result);
  out.flush();
  return hash.finish();
}

}  // namespace runledger
