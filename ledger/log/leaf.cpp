#include "leaf.hpp"

#include <array>

#include <runledger/base/bytes.hpp>

namespace runledger::ledger {
namespace {

constexpr std::string_view kEventDomain = "runledger/event/v1\n";
constexpr std::string_view kLeafFirstLine = "runledger/leaf/v1\n";
constexpr std::size_t kUsualLeafBytes = 192;
constexpr std::array<std::uint8_t, 1> kLeafPrefix{0};
constexpr std::array<std::uint8_t, 1> kNodePrefix{1};

std::string kind_in_leaf(schema::Payload kind) {
  return kind <= kNamedKindMax ? std::string(kind_name(kind))
                               : std::to_string(static_cast<unsigned>(kind));
}

// One context a thread: making one costs more than hashing a leaf.
Sha256& hasher() {
  thread_local Sha256 sha;
  return sha;
}

}  // namespace

std::string_view kind_name(schema::Payload kind) {
  switch (kind) {
    case schema::Payload::LedgerOpened:
      return "ledger.opened";
    case schema::Payload::DatasetImported:
      return "dataset.imported";
    case schema::Payload::PluginRegistered:
      return "plugin.registered";
    case schema::Payload::EngineRegistered:
      return "engine.registered";
    case schema::Payload::RunCompleted:
      return "run.completed";
    case schema::Payload::RunFailed:
      return "run.failed";
    case schema::Payload::RunRetracted:
      return "run.retracted";
    case schema::Payload::RunRestored:
      return "run.restored";
    case schema::Payload::RunAnnotated:
      return "run.annotated";
    case schema::Payload::RunReproduced:
      return "run.reproduced";
    case schema::Payload::CheckRecorded:
      return "check.recorded";
    case schema::Payload::KeyRotated:
      return "key.rotated";
    case schema::Payload::EpochStarted:
      return "epoch.started";
    case schema::Payload::RunImported:
      return "run.imported";
    case schema::Payload::ImportGap:
      return "import.gap";
    case schema::Payload::BlobWithheld:
      return "blob.withheld";
    case schema::Payload::Attested:
      return "attested";
    case schema::Payload::CheckpointPublished:
      return "checkpoint.published";
    case schema::Payload::HypothesisRegistered:
      return "hypothesis.registered";
    case schema::Payload::HoldoutSealed:
      return "holdout.sealed";
    case schema::Payload::NONE:
      break;
  }
  return {};
}

Digest event_hash(ByteView event) { return hasher().update(kEventDomain).update(event).finish(); }

std::string leaf_text(const Leaf& leaf) {
  std::string text;
  text.reserve(kUsualLeafBytes);
  text += kLeafFirstLine;
  text.append("seq ").append(std::to_string(leaf.seq.value));
  text.append("\ntime ").append(std::to_string(leaf.recorded_at));
  text.append("\nkind ").append(kind_in_leaf(leaf.kind));
  text.append("\nevent ").append(leaf.event_hash.hex());
  text.append("\nsize ").append(std::to_string(leaf.size)).append("\n");
  return text;
}

Digest leaf_hash(std::string_view entry) {
  return hasher().update(kLeafPrefix).update(entry).finish();
}

Digest node_hash(const Digest& left, const Digest& right) {
  return hasher().update(kNodePrefix).update(left.bytes).update(right.bytes).finish();
}

}  // namespace runledger::ledger
