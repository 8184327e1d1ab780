#include "check_blobs.hpp"

#include <algorithm>

#include <runledger/ledger/blobs.hpp>

#include "event.hpp"

namespace runledger::ledger {
namespace {

Digest digest_of(const schema::Digest& stored) {
  Digest digest;
  for (std::size_t i = 0; i < digest.bytes.size(); ++i)
    digest.bytes[i] = stored.bytes()->Get(static_cast<flatbuffers::uoffset_t>(i));
  return digest;
}

}  // namespace

void BlobReferences::add(const Digest& blob, Seq seq, bool required) {
  const auto [at, inserted] = references_.try_emplace(blob, Reference{seq, required});
  if (!inserted && required && !at->second.required) at->second = {seq, true};
}

void BlobReferences::add(const StoredEvent& event) {
  const Seq seq = event.seq();
  const auto add_if = [&](const schema::Digest* digest, bool required = true) {
    if (digest != nullptr) add(digest_of(*digest), seq, required);
  };
  const schema::Event& content = event_in(event.bytes());
  if (const auto* dataset = content.payload_as_DatasetImported()) {
    if (dataset->chunks() != nullptr)
      for (const auto* chunk : *dataset->chunks()) add_if(chunk->digest());
    if (dataset->raw_kept()) add_if(dataset->raw_digest());
  } else if (const auto* plugin = content.payload_as_PluginRegistered()) {
    add_if(plugin->plugin());
  } else if (const auto* engine = content.payload_as_EngineRegistered()) {
    add_if(engine->runtime());
    if (engine->files() != nullptr)
      for (const auto* file : *engine->files()) add_if(file->digest());
  } else if (const auto* run = content.payload_as_RunCompleted()) {
    add_if(run->result_digest(), false);
  }
}

std::uint64_t check_blobs(const Layout& layout, const BlobReferences& references,
                          const ProgressFn& progress, Findings& findings) {
  const BlobStore blobs(layout.root);
  std::uint64_t checked = 0;
  std::uint64_t done = 0;
  for (const auto& [name, reference] : references.all()) {
    if (progress) progress(++done, references.all().size());
    if (!reference.required && !blobs.contains(name)) continue;
    ++checked;
    const auto bytes = blobs.get(name);
    if (bytes) continue;
    const std::string event = "event " + std::to_string(reference.first.value);
    findings.add(blobs.path_of(name).string(),
                 bytes.error().code == ErrorCode::not_found
                     ? "The file, which " + event + " names, is missing."
                     : bytes.error().message + " It is named by " + event + ".",
                 reference.first);
  }
  return checked;
}

}  // namespace runledger::ledger
