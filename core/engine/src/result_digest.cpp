#include "result_writer.hpp"

namespace runledger {

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
  for (const OrderRecord& order : result.orders) write_decision(out, order);
  out.flush();
  return hash.finish();
}

}  // namespace runledger
