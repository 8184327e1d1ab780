#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include <runledger/base/check.hpp>

namespace runledger::bench {

// A new directory, removed with everything in it at the end, in the one for temporary files
// (TMPDIR), which is to be on the disk that is measured.
class Directory {
 public:
  Directory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "bench-XXXXXX").string();
    RL_CHECK(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~Directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace runledger::bench
