#pragma once

#include <algorithm>
#include <string>

#include <runledger/base/digest.hpp>
#include <runledger/base/result.hpp>
#include <runledger/schemas/event_generated.h>

#include "lookup.hpp"
#include "projections.hpp"

namespace runledger::ledger {

inline Digest digest_of(const schema::Digest& stored) {
  Digest digest;
  std::ranges::copy(*stored.bytes(), digest.bytes.begin());
  return digest;
}

// The row names the first event that brought something; later ones change nothing.
inline Status put_first(const Step& step, std::string key, Changes& changes) {
  RL_TRY(const auto first, read_seq(step.before, key));
  if (!first) changes.push_back({Family::lookup, std::move(key), encode_seq(step.seq)});
  return {};
}

}  // namespace runledger::ledger
