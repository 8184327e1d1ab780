#pragma once

#include <filesystem>

#include <runledger/base/bytes.hpp>
#include <runledger/base/digest.hpp>
#include <runledger/base/result.hpp>

namespace runledger::ledger {

// The immutable files of a ledger, named by the SHA-256 of their uncompressed bytes, stored as
// zstd frames: blobs/ab/cdef....zst.
//
// Threads and processes: any number; a blob appears whole or not at all.
class BlobStore {
 public:
  explicit BlobStore(const std::filesystem::path& ledger);

  // Stores `bytes` and returns their name. When it returns, the blob survives a power cut.
  Result<Digest> put(ByteView bytes) const;
  // Reads and verifies. Errors: not_found, damaged, io.
  Result<Bytes> get(const Digest& name) const;
  [[nodiscard]] bool contains(const Digest& name) const;
  [[nodiscard]] std::filesystem::path path_of(const Digest& name) const;

 private:
  std::filesystem::path directory_;
};

}  // namespace runledger::ledger
