#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <runledger/base/bytes.hpp>
#include <runledger/base/digest.hpp>
#include <runledger/base/result.hpp>

namespace runledger::ledger {

// The largest blob, uncompressed: what get() is ever willing to unpack.
inline constexpr std::uint64_t kBlobBytesMax = 1u << 30;

// The immutable files of a ledger, named by the SHA-256 of their uncompressed bytes, stored as
// zstd frames: blobs/ab/cdef....zst.
//
// Threads and processes: any number; a blob appears whole or not at all.
// Format: ledger/FORMAT.md, "Blobs".
class BlobStore {
 public:
  explicit BlobStore(const std::filesystem::path& ledger);

  // Stores `bytes` and returns their name. When it returns, the blob survives a power cut:
  // a file of that name is read, and replaced when it is damaged.
  // Errors: too_large, write_failed.
  [[nodiscard]] Result<Digest> put(ByteView bytes) const;
  // The same for many at once, which waits for the disk once instead of once a blob. After an error
  // some of them may be there.
  [[nodiscard]] Result<std::vector<Digest>> put_all(std::span<const ByteView> blobs) const;

  // Reads and verifies. Errors: not_found, damaged (naming the file), io.
  [[nodiscard]] Result<Bytes> get(const Digest& name) const;
  [[nodiscard]] bool contains(const Digest& name) const;
  [[nodiscard]] std::filesystem::path path_of(const Digest& name) const;

  struct Listing {
    std::vector<Digest> blobs;                   // ascending
    std::vector<std::filesystem::path> unknown;  // what does not belong in the directory
  };
  // Every blob there is. Error: io.
  [[nodiscard]] Result<Listing> list() const;

 private:
  std::filesystem::path directory_;
};

}  // namespace runledger::ledger
