#pragma once

#include <filesystem>
#include <string>

#include <runledger/base/bytes.hpp>
#include <runledger/base/digest.hpp>
#include <runledger/base/result.hpp>

#include "files.hpp"

namespace runledger::ledger {

// The stored form of a blob's bytes: one zstd frame that says how long they are.
Result<Bytes> compress_blob(ByteView bytes);
// The bytes whose name is `name`. Error: damaged, naming `file`.
Result<Bytes> decompress_blob(ByteView frame, const Digest& name,
                              const std::filesystem::path& file);

// A file being written in blobs/tmp: it gets its name when it is whole, and vanishes otherwise. Its
// writer holds a lock on it, so that what a crash left behind can be told from what is being
// written.
class BlobDraft {
 public:
  static Result<BlobDraft> create(const std::filesystem::path& directory);
  BlobDraft(BlobDraft&&) noexcept = default;
  BlobDraft& operator=(BlobDraft&&) = delete;
  ~BlobDraft();

  // Writes all of it and asks the kernel to begin with the disk.
  Status write(ByteView bytes);
  // Waits for the disk.
  Status sync();
  // Moves it to its place, over a file of the same name.
  Status publish(const std::filesystem::path& place);

 private:
  BlobDraft(Fd fd, std::filesystem::path path) : fd_(std::move(fd)), path_(std::move(path)) {}
  Fd fd_;
  std::filesystem::path path_;  // empty once published
};

// Removes drafts in `directory` that no process is writing.
void remove_leftovers(const std::filesystem::path& directory);

}  // namespace runledger::ledger
