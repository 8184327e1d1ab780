#include "completion.hpp"

#include <algorithm>

#include <runledger/base/digest.hpp>

namespace runledger::worker {

std::string_view lacking(const schema::RunReplyT& reply, bool want_result) {
  if (reply.result_digest == nullptr) return "its result digest";
  if (reply.decision_digest == nullptr) return "its decision digest";
  if (reply.metrics.empty()) return "its metrics";
  if (!want_result) return {};
  if (reply.result.empty()) return "its result";
  if (!std::ranges::equal(*reply.result_digest->bytes(), sha256(reply.result).bytes)) {
    return "the result that its digest is of";
  }
  return {};
}

}  // namespace runledger::worker
