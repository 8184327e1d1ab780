#include "result_writer.hpp"

namespace runledger {

std::optional<std::uint64_t> cancel_bar(const OrderRecord& order) {
  if (order.outcome != OrderOutcome::cancelled) return std::nullopt;
  return order.outcome_bar;
}

Digest result_digest(const RunResult& result) {
  Sha256 hash;
  write_result(result, [&](ByteView bytes) { hash.update(bytes); });
  return hash.finish();
}

Digest decision_digest(const RunResult& result) {
  Sha256 hash;
  const auto sink = [&](ByteView bytes) { hash.update(bytes); };
  BlockWriter<const decltype(sink)> out(sink);
  out.text(kDecisionsDomain).number(result.orders.size());
  for (const OrderRecord& order : result.orders) {
    write_request(out, order);
    out.number(cancel_bar(order).value_or(kNoBar));
  }
  out.flush();
  return hash.finish();
}

}  // namespace runledger
