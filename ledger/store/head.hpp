#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include <runledger/base/bytes.hpp>
#include <runledger/base/digest.hpp>
#include <runledger/base/result.hpp>
#include <runledger/base/types.hpp>

#include "files.hpp"

namespace runledger::ledger {

// What has been acknowledged: the newest event and the tree over everything up to it.
struct HeadRecord {
  std::uint64_t generation = 0;  // counts acknowledged commit groups, from 1
  Seq seq;                       // of the newest event
  Digest event_hash;             // SHA-256 of its bytes
  LogSize size;                  // seq + 1
  Digest root;                   // of the Merkle tree over `size` leaves
  TimeNs recorded_at = 0;        // of the newest event
  bool operator==(const HeadRecord&) const = default;
};

inline constexpr std::size_t kHeadSlotStride = 4096;
inline constexpr std::size_t kHeadSlotSize = 512;

// One slot's bytes, and back; nothing when the slot is not whole.
Bytes encode_head_slot(const HeadRecord& head);
std::optional<HeadRecord> decode_head_slot(ByteView slot);

// How the bytes of HEAD look.
enum class HeadShape : std::uint8_t {
  whole,     // both slots count and follow each other, the bytes between them are zero
  one_slot,  // the same, but for one slot that does not count: what a torn write leaves
  changed,   // nothing that a program of ours writes, whole or torn
};
struct HeadLook {
  HeadShape shape = HeadShape::changed;
  std::optional<HeadRecord> newest;  // nothing when neither slot counts
};

// The file HEAD: two slots, written alternately, so that one is whole at every moment.
//
// Threads:   one at a time.
// Errors:    damaged = neither slot is whole.
// Format:    ledger/FORMAT.md, section HEAD.
class HeadFile {
 public:
  // A HEAD that goes on in mid-count says the same in both slots, so that it is whole.
  static Status create(const std::filesystem::path& path, const HeadRecord& head);
  static Result<HeadRecord> read(const std::filesystem::path& path);

  // For who checks it; a missing file is `damaged`, slots that do not count are no error.
  static Result<HeadLook> look(const std::filesystem::path& path);

  static Result<HeadFile> open(const std::filesystem::path& path);
  [[nodiscard]] const HeadRecord& record() const { return record_; }
  // Writes the newest slot again, and syncs: what was read may be in the page cache only, left
  // there by a process that died before its sync, or whose sync failed and will not be repeated for
  // pages that count as clean. The bytes are those that are there already, so that whatever part of
  // the write reaches the disk, the slot stays whole. After a failure the file must be opened
  // again.
  Status settle();
  // Replaces the older slot and syncs. After a failure the file must be opened again.
  Status advance(const HeadRecord& next);

 private:
  HeadFile(std::filesystem::path path, Fd fd, const HeadRecord& record)
      : path_(std::move(path)), fd_(std::move(fd)), record_(record) {}
  [[nodiscard]] bool write_slot(const HeadRecord& head);
  std::filesystem::path path_;
  Fd fd_;
  HeadRecord record_;
};

}  // namespace runledger::ledger
