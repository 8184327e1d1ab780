#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>

#include <runledger/base/bytes.hpp>
#include <runledger/base/result.hpp>

namespace runledger::app {

// The whole of a regular file. Errors: not_found, invalid_input (a folder, a device), too_large,
// io.
Result<Bytes> read_whole_file(const std::filesystem::path& path, std::uint64_t bytes_max);

// Makes a folder that only its owner can use, and those above it that are missing. No error when
// there is something of that name.
std::error_code make_private_folder(const std::filesystem::path& folder);

// Writes `bytes` beside `path` and renames: a reader finds the old file, the new one, or none. For
// caches: it is not synced. Errors: write_failed.
Status write_cache_file(const std::filesystem::path& path, ByteView bytes, bool executable);

// What tells one state of a file from another without reading it: device, inode, size, times of
// change, as text. Nothing when there is no such file.
std::optional<std::string> file_state(const std::filesystem::path& path);

// Whether `file` has been there, unchanged, since before `other` was made or changed.
bool is_older(const std::filesystem::path& file, const std::filesystem::path& other);

}  // namespace runledger::app
