#include "lookup.hpp"
#include "projections.hpp"

namespace runledger::ledger {

Status project_requests(const Step& step, Changes& changes) {
  changes.push_back(
      {Family::lookup, request_key(step.event.request_id()->string_view()), encode_seq(step.seq)});
  return {};
}

}  // namespace runledger::ledger
