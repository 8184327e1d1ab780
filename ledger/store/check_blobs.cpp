#include "check_blobs.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <span>

#include <runledger/ledger/blobs.hpp>
#include <runledger/ledger/runtime_manifest.hpp>

#include "digests.hpp"
#include "event.hpp"

namespace runledger::ledger {
namespace {

std::string event_name(Seq event) { return "event " + std::to_string(event.value); }

// Reads blobs, each counted and reported once.
class BlobReading {
 public:
  BlobReading(const Layout& layout, BlobReferences& references, const ProgressFn& progress,
              Findings& findings)
      : blobs_(layout.root), references_(references), progress_(progress), findings_(findings) {}

  std::uint64_t read_all() {
    read_datasets();
    for (const auto& [name, reference] : references_.all())
      if (!seen_.contains(name) && (reference.required || blobs_.contains(name))) (void)read(name);
    const std::uint64_t total = references_.all().size();
    if (progress_ && total > 0) progress_(total, total);
    return seen_.size();
  }

 private:
  using Dataset = BlobReferences::Dataset;
  // Datasets whose first `depth` chunks are the same and have been read.
  struct Branch {
    std::span<Dataset> datasets;
    std::size_t depth = 0;
  };

  // Walks the tree of chunks that the datasets make, so that what they begin with in common is read
  // once.
  void read_datasets() {
    std::vector<Dataset> datasets = references_.take_datasets();
    std::ranges::sort(datasets, {}, &Dataset::chunks);
    std::vector<Branch> branches{{datasets}};
    while (!branches.empty()) {
      auto [rest, depth] = branches.back();
      branches.pop_back();
      for (; !rest.empty() && rest.front().chunks.size() == depth; rest = rest.subspan(1))
        finish(rest.front());
      while (!rest.empty()) {
        const Digest chunk = rest.front().chunks[depth];
        const auto end = std::ranges::find_if(
            rest, [&](const Dataset& dataset) { return dataset.chunks[depth] != chunk; });
        const auto sharing = rest.first(static_cast<std::size_t>(end - rest.begin()));
        rest = rest.subspan(sharing.size());
        read_chunk(chunk, sharing);
        branches.push_back({sharing, depth + 1});
      }
    }
  }

  void read_chunk(const Digest& name, std::span<Dataset> datasets) {
    const auto bytes = read(name);
    for (Dataset& dataset : datasets) {
      if (!dataset.check) continue;
      if (bytes) report(dataset, dataset.check->add(*bytes));
      // A chunk that cannot be read is a finding of its own.
      if (!bytes) dataset.check.reset();
    }
  }

  void finish(Dataset& dataset) {
    if (dataset.check) report(dataset, dataset.check->finish());
  }

  void report(Dataset& dataset, const Status& status) {
    if (status) return;
    dataset.check.reset();
    const std::string event = event_name(dataset.event);
    findings_.add(event,
                  "The dataset that " + event +
                      " imported is not what its chunks make: " + status.error().message +
                      "; restore a backup of the ledger, or import the file again and do not rely "
                      "on runs of this version.",
                  dataset.event);
  }

  std::optional<Bytes> read(const Digest& name) {
    const bool first = seen_.insert(name).second;
    if (first && progress_) progress_(seen_.size() - 1, references_.all().size());
    auto bytes = blobs_.get(name);
    if (first) check(name, bytes);
    if (!bytes) return std::nullopt;
    return *std::move(bytes);
  }

  void check(const Digest& name, const Result<Bytes>& bytes) {
    const auto& reference = references_.all().at(name);
    const std::string file = blobs_.path_of(name).string();
    if (!bytes) {
      const std::string event = event_name(reference.first);
      findings_.add(file,
                    bytes.error().code == ErrorCode::not_found
                        ? "The file, which " + event +
                              " names, is missing: restore it from a backup, or bring its content "
                              "in again."
                        : bytes.error().message + " It is named by " + event + ".",
                    reference.first);
      return;
    }
    for (const auto& claim : reference.claims)
      if (claim.size != bytes->size())
        findings_.add(file,
                      "The content has " + std::to_string(bytes->size()) + " bytes, and " +
                          event_name(claim.event) + " says that it has " +
                          std::to_string(claim.size) +
                          ": do not rely on that event, and restore a backup that is older than "
                          "it.",
                      claim.event);
  }

  BlobStore blobs_;
  BlobReferences& references_;
  const ProgressFn& progress_;
  Findings& findings_;
  std::set<Digest> seen_;
};

}  // namespace

void BlobReferences::add(Seq event, const Named& named) {
  if (named.digest == nullptr) return;
  const auto [at, inserted] =
      references_.try_emplace(digest_of(*named.digest), Reference{event, named.required, {}});
  Reference& reference = at->second;
  if (!inserted && named.required && !reference.required) {
    reference.first = event;
    reference.required = true;
  }
  const bool said =
      named.size == 0 ||
      std::ranges::find(reference.claims, named.size, &SizeClaim::size) != reference.claims.end();
  if (!said) reference.claims.push_back({event, named.size});
}

void BlobReferences::add(const StoredEvent& event, Findings& findings) {
  const Seq seq = event.seq();
  const schema::Event& content = event_in(event.bytes());
  if (const auto* dataset = content.payload_as_DatasetImported())
    add_dataset(event, *dataset, findings);
  else if (const auto* plugin = content.payload_as_PluginRegistered())
    add(seq, {.digest = plugin->plugin(), .size = plugin->size()});
  else if (const auto* engine = content.payload_as_EngineRegistered())
    add_runtime(seq, *engine, findings);
  else if (const auto* run = content.payload_as_RunCompleted())
    add(seq, {.digest = run->result_digest(), .required = false});
}

void BlobReferences::add_dataset(const StoredEvent& event, const schema::DatasetImported& imported,
                                 Findings& findings) {
  const Seq seq = event.seq();
  if (imported.raw_kept()) add(seq, {.digest = imported.raw_digest(), .size = imported.raw_size()});
  Dataset dataset{.event = seq, .chunks = {}, .check = nullptr};
  if (imported.chunks() != nullptr) {
    for (const auto* chunk : *imported.chunks()) {
      if (chunk->digest() == nullptr)
        return findings.add(event_name(seq),
                            "Event " + std::to_string(seq.value) +
                                " imports a chunk without naming it: restore a backup that is "
                                "older than it, and import the file again.",
                            seq);
      add(seq, {.digest = chunk->digest()});
      dataset.chunks.push_back(digest_of(*chunk->digest()));
    }
  }
  // A dataset without a name is a finding of ReferenceCheck.
  if (!dataset_check_ || imported.dataset() == nullptr) return;
  dataset.check = dataset_check_(event);
  datasets_.push_back(std::move(dataset));
}

void BlobReferences::add_runtime(Seq event, const schema::EngineRegistered& engine,
                                 Findings& findings) {
  std::vector<RuntimeFile> files;
  if (engine.files() != nullptr) {
    for (const auto* file : *engine.files()) {
      add(event, {.digest = file->digest(), .size = file->size()});
      files.push_back({.path = file->path() == nullptr ? "" : file->path()->str(),
                       .digest = file->digest() == nullptr ? Digest{} : digest_of(*file->digest()),
                       .size = file->size(),
                       .name = file->name() == nullptr ? "" : file->name()->str(),
                       .role = file->role()});
    }
  }
  add(event, {.digest = engine.runtime()});
  // A runtime without a name is a finding of ReferenceCheck.
  if (engine.runtime() != nullptr &&
      sha256(runtime_manifest(files)) != digest_of(*engine.runtime()))
    findings.add(event_name(event),
                 "Event " + std::to_string(event.value) +
                     " registers a runtime, and the manifest that names it is not of the files "
                     "that the event names: do not rely on runs of it, and restore a backup that "
                     "is older than it.",
                 event);
}

std::uint64_t check_blobs(const Layout& layout, BlobReferences& references,
                          const ProgressFn& progress, Findings& findings) {
  return BlobReading(layout, references, progress, findings).read_all();
}

}  // namespace runledger::ledger
