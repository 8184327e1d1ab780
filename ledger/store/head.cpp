#include "head.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include <runledger/base/check.hpp>

namespace runledger::ledger {
namespace {

constexpr std::string_view kMagic = "RLHEAD\r\n";
constexpr std::uint32_t kVersion = 1;
constexpr std::string_view kDomain = "runledger head slot v1\n";
constexpr std::size_t kHashedSize = kHeadSlotSize - 32;
constexpr std::size_t kFileSize = 2 * kHeadSlotStride;
// A slot that is being written while it is read looks torn; the next look finds it whole.
constexpr int kReadAttempts = 3;
// A look at both slots counts when the next one is the same: a writer may be between them.
constexpr int kLookAttempts = 100;

Digest slot_digest(ByteView hashed) {
  Sha256 sha;
  return sha.update(kDomain).update(hashed).finish();
}

std::uint64_t slot_offset(std::uint64_t generation) { return generation % 2 * kHeadSlotStride; }

Digest read_digest(ByteReader& reader) {
  Digest digest;
  const ByteView bytes = reader.raw(digest.bytes.size());
  std::ranges::copy(bytes, digest.bytes.begin());
  return digest;
}

struct Slots {
  std::array<std::optional<HeadRecord>, 2> records;
  bool first_blank = true;       // as long as there is only generation 1
  bool spare_bytes_zero = true;  // between the slots and after them, and the file ends there
  bool operator==(const Slots&) const = default;
};

bool all_zero(ByteView bytes) {
  return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

std::optional<Slots> read_slots(int fd) {
  std::array<std::uint8_t, kFileSize + 1> bytes{};
  const auto size = pread_all(fd, bytes, 0);
  if (!size) return std::nullopt;
  Slots slots;
  slots.first_blank = all_zero(ByteView(bytes).first(kHeadSlotSize));
  slots.spare_bytes_zero = *size == kFileSize;
  for (std::size_t i = 0; i < 2; ++i) {
    const ByteView place = ByteView(bytes).subspan(i * kHeadSlotStride, kHeadSlotStride);
    const auto record = decode_head_slot(place.first(kHeadSlotSize));
    if (record && slot_offset(record->generation) == i * kHeadSlotStride) slots.records[i] = record;
    slots.spare_bytes_zero = slots.spare_bytes_zero && all_zero(place.subspan(kHeadSlotSize));
  }
  return slots;
}

std::optional<HeadRecord> newest(const Slots& slots) {
  const auto& [first, second] = slots.records;
  if (!first || !second) return first ? first : second;
  return first->generation > second->generation ? first : second;
}

HeadShape shape_of(const Slots& slots) {
  const auto& [first, second] = slots.records;
  if (!slots.spare_bytes_zero || (!first && !second)) return HeadShape::changed;
  if (first && second)
    return first->generation + 1 == second->generation ||
                   second->generation + 1 == first->generation
               ? HeadShape::whole
               : HeadShape::changed;
  const bool new_ledger = second && second->generation == 1 && slots.first_blank;
  return new_ledger ? HeadShape::whole : HeadShape::one_slot;
}

Result<Fd> open_for_reading(const std::filesystem::path& path) {
  Fd fd = open_fd(path, O_RDONLY);
  if (fd) return fd;
  if (errno != ENOENT)
    return std::unexpected(file_error(ErrorCode::io, "Cannot open", path, errno));
  return fail(ErrorCode::damaged,
              path.string() +
                  ", which says what has been acknowledged, is missing. Restore it from a backup, "
                  "or see `runledger doctor --repair-head`.");
}

}  // namespace

Bytes encode_head_slot(const HeadRecord& head) {
  ByteWriter writer;
  writer.raw(kMagic).number(kVersion).number(std::uint32_t{0}).number(head.generation);
  writer.number(head.seq.value).raw(head.event_hash.bytes).number(head.size.value);
  writer.raw(head.root.bytes).number(head.recorded_at);
  Bytes slot = writer.take();
  slot.resize(kHashedSize);
  const Digest digest = slot_digest(slot);
  slot.insert(slot.end(), digest.bytes.begin(), digest.bytes.end());
  return slot;
}

std::optional<HeadRecord> decode_head_slot(ByteView slot) {
  if (slot.size() != kHeadSlotSize) return std::nullopt;
  const Digest digest = slot_digest(slot.first(kHashedSize));
  if (!std::ranges::equal(slot.subspan(kHashedSize), digest.bytes)) return std::nullopt;
  ByteReader reader(slot);
  if (text_of(reader.raw(kMagic.size())) != kMagic) return std::nullopt;
  if (reader.number<std::uint32_t>() != kVersion) return std::nullopt;
  (void)reader.number<std::uint32_t>();
  HeadRecord head;
  head.generation = reader.number<std::uint64_t>();
  head.seq = Seq(reader.number<std::uint64_t>());
  head.event_hash = read_digest(reader);
  head.size = LogSize(reader.number<std::uint64_t>());
  head.root = read_digest(reader);
  head.recorded_at = reader.number<TimeNs>();
  if (head.generation == 0 || head.size != size_after(head.seq)) return std::nullopt;
  return head;
}

Status HeadFile::create(const std::filesystem::path& path, const HeadRecord& head) {
  Bytes bytes(kFileSize);
  const auto put = [&bytes](const HeadRecord& record) {
    std::ranges::copy(encode_head_slot(record),
                      bytes.begin() + static_cast<std::ptrdiff_t>(slot_offset(record.generation)));
  };
  put(head);
  if (head.generation > 1) {
    HeadRecord before = head;
    --before.generation;
    put(before);
  }
  return write_new_file(path, bytes);
}

Result<HeadRecord> HeadFile::read(const std::filesystem::path& path) {
  RL_TRY(const Fd fd, open_for_reading(path));
  for (int attempt = 0; attempt < kReadAttempts; ++attempt) {
    const auto slots = read_slots(fd.get());
    if (!slots) return std::unexpected(file_error(ErrorCode::io, "Cannot read", path, errno));
    if (const auto record = newest(*slots)) return *record;
  }
  return fail(ErrorCode::damaged,
              path.string() +
                  ", which says what has been acknowledged, is damaged: neither of its two slots "
                  "matches its hash. Restore it from a backup, or see `runledger doctor "
                  "--repair-head`.");
}

Result<HeadLook> HeadFile::look(const std::filesystem::path& path) {
  RL_TRY(const Fd fd, open_for_reading(path));
  std::optional<Slots> before;
  for (int attempt = 0; attempt < kLookAttempts; ++attempt) {
    const auto slots = read_slots(fd.get());
    if (!slots) return std::unexpected(file_error(ErrorCode::io, "Cannot read", path, errno));
    if (before == slots) break;
    before = slots;
  }
  return HeadLook{shape_of(*before), newest(*before)};
}

Result<HeadFile> HeadFile::open(const std::filesystem::path& path) {
  RL_TRY(const HeadRecord record, read(path));
  Fd fd = open_fd(path, O_RDWR);
  if (!fd) return std::unexpected(file_error(ErrorCode::write_failed, "Cannot open", path, errno));
  return HeadFile(path, std::move(fd), record);
}

bool HeadFile::write_slot(const HeadRecord& head) {
  return pwrite_all(fd_.get(), encode_head_slot(head), slot_offset(head.generation)) &&
         ::fdatasync(fd_.get()) == 0;
}

Status HeadFile::settle() {
  if (write_slot(record_)) return {};
  return std::unexpected(file_error(ErrorCode::write_failed, "Cannot write", path_, errno));
}

Status HeadFile::advance(const HeadRecord& next) {
  RL_CHECK(next.generation == record_.generation + 1);
  if (!write_slot(next))
    return std::unexpected(file_error(ErrorCode::unknown, "Cannot write", path_, errno));
  record_ = next;
  return {};
}

}  // namespace runledger::ledger
