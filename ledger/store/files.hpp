#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <runledger/base/bytes.hpp>
#include <runledger/base/fd.hpp>
#include <runledger/base/result.hpp>

namespace runledger::ledger {

// open(2) with O_CLOEXEC, repeated when interrupted. An empty Fd leaves errno set.
Fd open_fd(const std::filesystem::path& path, int flags, unsigned mode = 0600);

// not_found, io (reading) or write_failed (writing) for a failed call on `path`.
Error file_error(ErrorCode code, std::string_view action, const std::filesystem::path& path,
                 int error);

// The whole file, refused above `size_max` bytes.
Result<Bytes> read_file(const std::filesystem::path& path, std::size_t size_max);
// Creates `path` (it must not exist) with these bytes and syncs it.
Status write_new_file(const std::filesystem::path& path, ByteView bytes);
// Syncs a file or the entries of a directory.
Status sync_path(const std::filesystem::path& path);
// Writes all bytes at `offset`; errno is left set when it returns false.
bool pwrite_all(int fd, ByteView bytes, std::uint64_t offset);
// Reads until `bytes` is full or the file ends; nothing when reading fails.
std::optional<std::size_t> pread_all(int fd, std::span<std::uint8_t> bytes, std::uint64_t offset);

}  // namespace runledger::ledger
