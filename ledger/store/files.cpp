#include "files.hpp"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include <runledger/base/errno_text.hpp>

namespace runledger::ledger {

Fd open_fd(const std::filesystem::path& path, int flags, unsigned mode) {
  int fd = -1;
  do {
    fd = ::open(path.c_str(), flags | O_CLOEXEC, mode);
  } while (fd < 0 && errno == EINTR);
  return Fd(fd);
}

Error file_error(ErrorCode code, std::string_view action, const std::filesystem::path& path,
                 int error) {
  const ErrorCode exact = code == ErrorCode::io && error == ENOENT ? ErrorCode::not_found : code;
  return {exact, std::string(action) + " " + path.string() + ": " + errno_text(error) + "."};
}

Result<Bytes> read_file(const std::filesystem::path& path, std::size_t size_max) {
  const Fd fd = open_fd(path, O_RDONLY);
  if (!fd) return std::unexpected(file_error(ErrorCode::io, "Cannot open", path, errno));
  Bytes bytes(size_max + 1);
  const auto size = pread_all(fd.get(), bytes, 0);
  if (!size) return std::unexpected(file_error(ErrorCode::io, "Cannot read", path, errno));
  if (*size > size_max)
    return fail(ErrorCode::damaged, path.string() + " is larger than the " +
                                        std::to_string(size_max) + " bytes that it may have.");
  bytes.resize(*size);
  return bytes;
}

Status write_new_file(const std::filesystem::path& path, ByteView bytes) {
  const Fd fd = open_fd(path, O_WRONLY | O_CREAT | O_EXCL);
  if (!fd) return std::unexpected(file_error(ErrorCode::write_failed, "Cannot make", path, errno));
  if (!pwrite_all(fd.get(), bytes, 0) || ::fsync(fd.get()) != 0)
    return std::unexpected(file_error(ErrorCode::write_failed, "Cannot write", path, errno));
  return {};
}

Status sync_path(const std::filesystem::path& path) {
  const Fd fd = open_fd(path, O_RDONLY);
  if (!fd) return std::unexpected(file_error(ErrorCode::write_failed, "Cannot sync", path, errno));
  if (::fsync(fd.get()) != 0)
    return std::unexpected(file_error(ErrorCode::write_failed, "Cannot sync", path, errno));
  return {};
}

bool pwrite_all(int fd, ByteView bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      if (n == 0) errno = EIO;
      return false;
    }
    bytes = bytes.subspan(static_cast<std::size_t>(n));
    offset += static_cast<std::uint64_t>(n);
  }
  return true;
}

std::optional<std::size_t> pread_all(int fd, std::span<std::uint8_t> bytes, std::uint64_t offset) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n =
        ::pread(fd, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return std::nullopt;
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  return done;
}

}  // namespace runledger::ledger
