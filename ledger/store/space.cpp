#include "space.hpp"

#include <cerrno>

#include <sys/statvfs.h>

#include "files.hpp"

namespace runledger::ledger {

Result<std::uint64_t> free_bytes(const Layout& layout) {
  struct statvfs status{};
  if (::statvfs(layout.root.c_str(), &status) != 0)
    return std::unexpected(
        file_error(ErrorCode::io, "Cannot see the free space of", layout.root, errno));
  return std::uint64_t{status.f_bavail} * status.f_frsize;
}

Status check_space(const Layout& layout) {
  RL_TRY(const std::uint64_t free, free_bytes(layout));
  if (free >= kFreeBytesMin) return {};
  return fail(ErrorCode::write_failed,
              "Nothing was recorded: " + layout.root.string() + " has " +
                  std::to_string(free >> 20) + " MB of free space left, and a ledger needs " +
                  std::to_string(kFreeBytesMin >> 20) +
                  " MB to record safely. Free some space; reading works meanwhile.");
}

}  // namespace runledger::ledger
