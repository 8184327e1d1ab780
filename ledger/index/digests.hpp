#pragma once

#include <algorithm>
#include <string>
#include <string_view>

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

// What the event must name. Error: damaged, when it does not, which no version records.
inline Result<Digest> named_digest(const Step& step, const schema::Digest* named,
                                   std::string_view what) {
  if (named != nullptr) return digest_of(*named);
  return fail(ErrorCode::damaged, "Event " + std::to_string(step.seq.value) +
                                      " does not name its " + std::string(what) +
                                      ". Run `runledger verify`, and restore a backup that is "
                                      "older than it.");
}

// The row names the first event that brought something; later ones change nothing.
inline Status put_first(const Step& step, std::string key, Changes& changes) {
  RL_TRY(const auto first, read_seq(step.before, key));
  if (!first) changes.push_back({Family::lookup, std::move(key), encode_seq(step.seq)});
  return {};
}

}  // namespace runledger::ledger
