#pragma once

#include <map>

#include <runledger/ledger/ledger.hpp>

#include "check_log.hpp"
#include "layout.hpp"

namespace runledger::ledger {

// The blobs that events name, each once, with the first event that does.
class BlobReferences {
 public:
  void add(const StoredEvent& event);

  struct Reference {
    Seq first;
    bool required = true;  // false: a result, which is kept only once somebody relied on it
  };
  [[nodiscard]] const std::map<Digest, Reference>& all() const { return references_; }

 private:
  void add(const Digest& blob, Seq seq, bool required);
  std::map<Digest, Reference> references_;
};

// Reads every blob that is named, against its name. Blobs that nothing names are no damage.
std::uint64_t check_blobs(const Layout& layout, const BlobReferences& references,
                          const ProgressFn& progress, Findings& findings);

}  // namespace runledger::ledger
