#include "files.hpp"

#include <array>
#include <cerrno>
#include <system_error>
#include <tuple>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <runledger/base/errno_text.hpp>
#include <runledger/base/fd.hpp>

namespace runledger::app {
namespace {

namespace fs = std::filesystem;

bool write_all(int fd, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

Result<Bytes> read_whole_file(const fs::path& path, std::uint64_t bytes_max) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file && (errno == ENOENT || errno == ENOTDIR))
    return fail(ErrorCode::not_found, "there is no file " + path.string());
  if (!file && errno == EACCES)
    return fail(ErrorCode::invalid_input,
                path.string() + " may not be read; check its permissions");
  struct stat state{};
  if (!file || ::fstat(file.get(), &state) != 0)
    return fail(ErrorCode::io,
                fmt::format("{} cannot be read: {}", path.string(), errno_text(errno)));
  if (!S_ISREG(state.st_mode))
    return fail(ErrorCode::invalid_input, path.string() + " is not a regular file");
  const auto size = static_cast<std::uint64_t>(state.st_size);
  if (size > bytes_max)
    return fail(ErrorCode::too_large, fmt::format("{} has {} bytes; at most {} are possible",
                                                  path.string(), size, bytes_max));
  Bytes bytes(size);
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = ::read(file.get(), bytes.data() + done, bytes.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0)
      return fail(ErrorCode::io,
                  fmt::format("{} changed or could not be read at byte {} of {}; try again",
                              path.string(), done, bytes.size()));
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

std::error_code make_private_folder(const fs::path& folder) {
  const auto make = [&] { return ::mkdir(folder.c_str(), S_IRWXU) == 0 ? 0 : errno; };
  int error = make();
  if (error == ENOENT && folder.has_relative_path()) {
    if (const std::error_code above = make_private_folder(folder.parent_path())) return above;
    error = make();
  }
  return {error == EEXIST ? 0 : error, std::generic_category()};
}

Status write_cache_file(const fs::path& path, ByteView bytes, bool executable) {
  (void)make_private_folder(path.parent_path());  // the file tells when there is none
  std::string pattern = path.string() + ".XXXXXX";
  const Fd file(::mkostemp(pattern.data(), O_CLOEXEC));
  const mode_t mode = executable ? 0500 : 0600;
  const bool written = file && write_all(file.get(), bytes) && ::fchmod(file.get(), mode) == 0 &&
                       ::rename(pattern.c_str(), path.c_str()) == 0;
  if (written) return {};
  const int error = errno;
  if (file) ::unlink(pattern.c_str());
  return fail(ErrorCode::write_failed,
              fmt::format("{} cannot be written: {}; free room, or name another cache folder with "
                          "XDG_CACHE_HOME",
                          path.string(), errno_text(error)));
}

std::optional<std::string> file_state(const fs::path& path) {
  struct stat state{};
  if (::stat(path.c_str(), &state) != 0) return std::nullopt;
  return fmt::format("{} {} {} {}.{:09} {}.{:09}", state.st_dev, state.st_ino, state.st_size,
                     state.st_mtim.tv_sec, state.st_mtim.tv_nsec, state.st_ctim.tv_sec,
                     state.st_ctim.tv_nsec);
}

bool is_older(const fs::path& file, const fs::path& other) {
  struct stat one{}, two{};
  if (::stat(file.c_str(), &one) != 0 || ::stat(other.c_str(), &two) != 0) return false;
  return std::tie(one.st_ctim.tv_sec, one.st_ctim.tv_nsec) <
         std::tie(two.st_ctim.tv_sec, two.st_ctim.tv_nsec);
}

}  // namespace runledger::app
