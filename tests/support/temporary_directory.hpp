#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

namespace runledger::test {

// A directory in memory when there is one with room: for tests that sync thousands of times, and
// whose outcome does not depend on the disk.
inline std::filesystem::path fast_directory() {
  const std::filesystem::path memory = "/dev/shm";
  std::error_code failure;
  const auto space = std::filesystem::space(memory, failure);
  constexpr std::uintmax_t kNeeded = 1u << 30;
  return failure || space.available < kNeeded ? std::filesystem::path(::testing::TempDir())
                                              : memory;
}

// A new directory, removed with everything in it at the end.
class TemporaryDirectory {
 public:
  explicit TemporaryDirectory(const std::filesystem::path& parent = ::testing::TempDir()) {
    std::string pattern = (parent / "runledger-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::permissions(path_, std::filesystem::perms::owner_all, ignored);
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace runledger::test
