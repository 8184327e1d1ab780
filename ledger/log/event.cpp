#include "event.hpp"

#include <algorithm>
#include <cstring>

#include <runledger/base/check.hpp>
#include <runledger/base/text.hpp>

#include "leaf.hpp"
#include "payload.hpp"
#include "tree.hpp"

namespace runledger::ledger {
namespace {

static_assert(__STDCPP_DEFAULT_NEW_ALIGNMENT__ >= 16, "vectors of bytes serve as aligned buffers");

constexpr std::size_t kAlignment = 16;

bool is_aligned(const void* address, std::size_t alignment) {
  return reinterpret_cast<std::uintptr_t>(address) % alignment == 0;
}

// The verifier of FlatBuffers 2.0 does not look at the alignment of vectors' elements.
bool metrics_are_aligned(const schema::Event& event) {
  const auto* run = event.payload_as_RunCompleted();
  return run == nullptr || run->metrics() == nullptr ||
         is_aligned(run->metrics()->Data(), alignof(schema::MetricValue));
}

bool parameters_are_aligned(const schema::Event& event) {
  const auto* spec = run_spec(event);
  if (spec == nullptr || spec->parameters() == nullptr) return true;
  return std::ranges::all_of(*spec->parameters(), [](const schema::Parameter* parameter) {
    return is_aligned(parameter->value(), alignof(schema::ParameterValue));
  });
}

bool is_well_formed(ByteView bytes) {
  flatbuffers::Verifier verifier(bytes.data(), bytes.size(), kEventDepthMax, kEventTablesMax);
  if (!schema::VerifyEventBuffer(verifier)) return false;
  const schema::Event& event = event_in(bytes);
  return event.payload_type() != schema::Payload::NONE &&
         is_aligned(event.stamp(), alignof(schema::Stamp)) && metrics_are_aligned(event) &&
         parameters_are_aligned(event);
}

bool is_zero(const schema::Stamp& stamp) {
  std::array<std::uint8_t, sizeof(schema::Stamp)> bytes{};
  std::memcpy(bytes.data(), &stamp, sizeof stamp);
  return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

Error damaged_event(Seq seq, std::string_view what) {
  return {ErrorCode::damaged, "Event " + std::to_string(seq.value) + " " + std::string(what) +
                                  ". Run `runledger verify`, and restore a backup."};
}

Error newer_event(Seq seq) {
  return {ErrorCode::unsupported,
          "Event " + std::to_string(seq.value) +
              " was recorded by a newer version of runledger. Use that one to read it."};
}

bool has_known_inputs(const schema::RunSpec& run) {
  return run.inputs() == nullptr ||
         std::ranges::all_of(*run.inputs(), [](const schema::Input* input) {
           return input->role() <= schema::InputRole::MAX;
         });
}

bool has_known_parameters(const schema::RunSpec& run) {
  return run.parameters() == nullptr ||
         std::ranges::all_of(*run.parameters(), [](const schema::Parameter* parameter) {
           return parameter->value()->type() <= schema::ParameterType::MAX;
         });
}

bool has_known_settings(const schema::RunSpec& run) {
  const schema::RunSettings* settings = run.settings();
  return settings == nullptr ||
         (settings->account() <= schema::AccountKind::MAX &&
          (settings->sizing() == nullptr || settings->sizing()->kind() <= schema::SizingKind::MAX));
}

// Whether what a run was made from can be told. Error: unsupported.
Status check_readable(const schema::Event& event) {
  const schema::RunSpec* run = run_spec(event);
  if (run == nullptr ||
      (has_known_inputs(*run) && has_known_parameters(*run) && has_known_settings(*run)))
    return {};
  return std::unexpected(newer_event(Seq(event.stamp()->seq())));
}

Result<StoredEvent> load_any_event(const View& view, Seq seq) {
  RL_TRY(const auto row, view.get(Family::events, event_key(seq)));
  if (!row)
    return fail(ErrorCode::not_found, "There is no event " + std::to_string(seq.value) + ".");
  return open_event(bytes_of(*row), seq);
}

}  // namespace

StoredEvent::StoredEvent(Bytes bytes) : size_(bytes.size()) {
  auto owner = std::make_shared<const Bytes>(std::move(bytes));
  const std::uint8_t* data = owner->data();
  bytes_ = std::shared_ptr<const std::uint8_t>(std::move(owner), data);
}

ByteView StoredEvent::bytes() const { return {bytes_.get(), size_}; }
Seq StoredEvent::seq() const { return Seq(event_in(bytes()).stamp()->seq()); }
TimeNs StoredEvent::recorded_at() const { return event_in(bytes()).stamp()->recorded_at(); }

const schema::RunSpec* run_spec(const schema::Event& event) {
  if (const auto* completed = event.payload_as_RunCompleted()) return completed->spec();
  const auto* failed = event.payload_as_RunFailed();
  return failed == nullptr ? nullptr : failed->spec();
}

Status check_pending(const PendingEvent& event) {
  if (event.size() > kEventBytesMax)
    return fail(ErrorCode::too_large, "The event has " + std::to_string(event.size()) +
                                          " bytes; at most " + std::to_string(kEventBytesMax) +
                                          " are recorded.");
  RL_CHECK(is_aligned(event.data(), kAlignment));
  if (!is_well_formed(event))
    return fail(ErrorCode::invalid_input,
                "The event is malformed: it is not a FlatBuffers table `Event` with the identifier "
                "RLEV.");
  const schema::Event& content = event_in(event);
  if (!is_zero(*content.stamp()))
    return fail(ErrorCode::invalid_input,
                "The event carries a stamp already; expected zeros, which the committer fills in.");
  const std::string_view id = content.request_id()->string_view();
  if (id.empty() || id.size() > kRequestIdBytesMax || !is_printable_utf8(id))
    return fail(ErrorCode::invalid_input, "The request id has " + std::to_string(id.size()) +
                                              " bytes or unprintable characters; expected 1 to " +
                                              std::to_string(kRequestIdBytesMax) +
                                              " bytes of printable text.");
  return check_content(content);
}

void stamp_event(std::span<std::uint8_t> event, const EventStamp& stamp) {
  schema::Stamp* place = schema::GetMutableEvent(event.data())->mutable_stamp();
  place->mutate_seq(stamp.seq.value);
  place->mutate_recorded_at(stamp.recorded_at);
  std::uint16_t i = 0;
  for (const std::uint8_t byte : stamp.nonce) place->mutable_nonce()->Mutate(i++, byte);
}

Result<StoredEvent> open_event(ByteView bytes, Seq seq) {
  StoredEvent event(Bytes(bytes.begin(), bytes.end()));
  RL_CHECK(is_aligned(event.bytes().data(), kAlignment));
  if (bytes.size() > kEventBytesMax || !is_well_formed(event.bytes()))
    return std::unexpected(damaged_event(seq, "is not well-formed"));
  if (event.seq() != seq)
    return std::unexpected(
        damaged_event(seq, "says that it is event " + std::to_string(event.seq().value)));
  return event;
}

Status check_derivable(const schema::Event& event) {
  const schema::RunSpec* run = run_spec(event);
  if (event.payload_type() <= kNewestKind &&
      (run == nullptr || run->run_class() <= schema::RunClass::MAX))
    return {};
  return std::unexpected(newer_event(Seq(event.stamp()->seq())));
}

std::string event_key(Seq seq) {
  std::string key;
  append_be64(key, seq.value);
  return key;
}

Result<StoredEvent> load_event(const View& view, Seq seq) {
  RL_TRY(StoredEvent event, load_any_event(view, seq));
  RL_TRY_VOID(check_derivable(event_in(event.bytes())));
  return event;
}

EventHashes hash_event(ByteView bytes) {
  const schema::Event& event = event_in(bytes);
  const Digest hash = event_hash(bytes);
  return {hash, leaf_hash(leaf_text({.seq = Seq(event.stamp()->seq()),
                                     .recorded_at = event.stamp()->recorded_at(),
                                     .kind = event.payload_type(),
                                     .event_hash = hash,
                                     .size = bytes.size()}))};
}

Result<StoredEvent> read_event(const View& view, Seq seq) {
  RL_TRY(StoredEvent event, load_any_event(view, seq));
  RL_TRY(const Digest leaf, tree_node(view, 0, seq.value));
  if (hash_event(event.bytes()).leaf != leaf)
    return std::unexpected(damaged_event(seq, "does not match its hash in the Merkle tree"));
  RL_TRY_VOID(check_derivable(event_in(event.bytes())));
  RL_TRY_VOID(check_readable(event_in(event.bytes())));
  return event;
}

}  // namespace runledger::ledger
