#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace runledger::tidy {

struct SourceFile {
  std::string path;  // from the repository's root, e.g. "core/base/src/time.cpp"
  std::vector<std::string> lines;

  [[nodiscard]] bool is_under(std::string_view folder) const;
  [[nodiscard]] bool ends_with(std::string_view ending) const { return path.ends_with(ending); }
  // .cpp, .c, .hpp or .h
  [[nodiscard]] bool is_code() const;
  [[nodiscard]] bool is_header() const;
  [[nodiscard]] bool is_cmake() const;
};

// The text files of a working copy, sorted by path; what .gitignore names in the root is left out,
// and so is .git.
struct Repository {
  std::filesystem::path root;
  std::vector<SourceFile> files;
  std::set<std::string, std::less<>> paths;
  std::set<std::string, std::less<>> top_folders;

  [[nodiscard]] bool has(std::string_view path) const { return paths.contains(path); }
};

// Throws std::filesystem::filesystem_error when the folder cannot be read.
Repository read_repository(const std::filesystem::path& root);

}  // namespace runledger::tidy
