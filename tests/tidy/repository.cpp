#include "repository.hpp"

#include <algorithm>
#include <fstream>

namespace runledger::tidy {
namespace {

std::set<std::string, std::less<>> ignored_names(const std::filesystem::path& root) {
  std::set<std::string, std::less<>> names = {".git"};
  std::ifstream ignore_file(root / ".gitignore");
  for (std::string line; std::getline(ignore_file, line);) {
    std::string_view name = line;
    if (name.starts_with('/')) name.remove_prefix(1);
    if (name.ends_with('/')) name.remove_suffix(1);
    if (!name.empty()) names.emplace(name);
  }
  return names;
}

std::vector<std::string> read_lines(const std::filesystem::path& path) {
  std::vector<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

}  // namespace

bool SourceFile::is_under(std::string_view folder) const {
  return path.starts_with(folder) && path.size() > folder.size() && path[folder.size()] == '/';
}

bool SourceFile::is_header() const { return ends_with(".hpp") || ends_with(".h"); }

bool SourceFile::is_code() const { return is_header() || ends_with(".cpp") || ends_with(".c"); }

bool SourceFile::is_cmake() const { return ends_with("CMakeLists.txt") || ends_with(".cmake"); }

Repository read_repository(const std::filesystem::path& root) {
  Repository repository{.root = root, .files = {}, .paths = {}, .top_folders = {}};
  const auto ignored = ignored_names(root);
  auto entry = std::filesystem::recursive_directory_iterator(root);
  for (; entry != std::filesystem::recursive_directory_iterator(); ++entry) {
    const std::string name = entry->path().filename().string();
    if (entry.depth() == 0 && ignored.contains(name)) {
      entry.disable_recursion_pending();
      continue;
    }
    if (entry->is_directory()) {
      if (entry.depth() == 0) repository.top_folders.insert(name);
      continue;
    }
    if (!entry->is_regular_file()) continue;
    const std::string path = entry->path().lexically_relative(root).generic_string();
    repository.paths.insert(path);
    repository.files.push_back({.path = path, .lines = read_lines(entry->path())});
  }
  std::ranges::sort(repository.files, {}, &SourceFile::path);
  return repository;
}

}  // namespace runledger::tidy
