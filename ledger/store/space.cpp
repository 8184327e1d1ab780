#include "space.hpp"

#include <cerrno>

#include <sys/statvfs.h>

#include "files.hpp"

namespace runledger::ledger {

Status check_space(const Layout& layout) {
  struct statvfs status{};
  if (::statvfs(layout.root.c_str(), &status) != 0)
    return std::unexpected(
        file_error(ErrorCode::write_failed, "Cannot see the free space of", layout.root, errno));
  const std::uint64_t free = std::uint64_t{status.f_bavail} * status.f_frsize;
  if (free >= kFreeBytesMin) return {};
  return fail(ErrorCode::write_failed,
              "Nothing was recorded: " + layout.root.string() + " has " +
                  std::to_string(free >> 20) + " MB of free space left, and a ledger needs " +
                  std::to_string(kFreeBytesMin >> 20) +
                  " MB to record safely. Free some space; reading works meanwhile.");
}

}  // namespace runledger::ledger
