#pragma once

#include <map>
#include <memory>
#include <vector>

#include <runledger/ledger/ledger.hpp>
#include <runledger/schemas/event_generated.h>

#include "check_log.hpp"
#include "layout.hpp"

namespace runledger::ledger {

// The blobs that events name, each once, and what the events say of them.
class BlobReferences {
 public:
  // With `dataset_check`, datasets are put together from their chunks and compared.
  explicit BlobReferences(const DatasetCheckFn& dataset_check) : dataset_check_(dataset_check) {}

  // What contradicts itself in the event is a finding.
  void add(const StoredEvent& event, Findings& findings);

  struct SizeClaim {
    Seq event;
    std::uint64_t size = 0;
  };
  struct Reference {
    Seq first;                      // the event that names it first
    bool required = true;           // false: a result, kept only once somebody relied on it
    std::vector<SizeClaim> claims;  // different sizes that events give it
  };
  [[nodiscard]] const std::map<Digest, Reference>& all() const { return references_; }

  struct Dataset {
    Seq event;
    std::vector<Digest> chunks;
    std::unique_ptr<DatasetCheck> check;  // nothing once the dataset is known to be damaged
  };
  [[nodiscard]] std::vector<Dataset> take_datasets() { return std::move(datasets_); }

 private:
  struct Named {
    const schema::Digest* digest = nullptr;
    std::uint64_t size = 0;  // 0: not said
    bool required = true;
  };
  void add(Seq event, const Named& named);
  void add_dataset(const StoredEvent& event, const schema::DatasetImported& imported,
                   Findings& findings);
  void add_runtime(Seq event, const schema::EngineRegistered& engine, Findings& findings);

  const DatasetCheckFn& dataset_check_;
  std::map<Digest, Reference> references_;
  std::vector<Dataset> datasets_;
};

// Reads every blob that is named, against its name and what events say of it, and puts datasets
// together. Holds one blob at a time. A chunk that versions of a dataset begin with in common is
// read once for all of them. Blobs that nothing names are no damage. Returns how many were read.
std::uint64_t check_blobs(const Layout& layout, BlobReferences& references,
                          const ProgressFn& progress, Findings& findings);

}  // namespace runledger::ledger
