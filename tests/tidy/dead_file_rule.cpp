#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "rules.hpp"

namespace runledger::tidy {
namespace {

using Names = std::set<std::string, std::less<>>;

// The words of a CMake file: what stands between spaces, brackets and quotes, without comments.
Names words_of(const SourceFile& cmake) {
  Names words;
  for (const auto& line : cmake.lines) {
    std::string code = line.substr(0, line.find('#'));
    std::ranges::replace_if(
        code, [](char c) { return c == '(' || c == ')' || c == '"' || c == ';'; }, ' ');
    std::istringstream stream(code);
    for (std::string word; stream >> word;) words.insert(word);
  }
  return words;
}

bool is_named_by(const SourceFile& cmake, const Names& words, const SourceFile& file) {
  if (words.contains("${PROJECT_SOURCE_DIR}/" + file.path)) return true;
  const auto folder = std::filesystem::path(cmake.path).parent_path();
  const auto relative = std::filesystem::path(file.path).lexically_relative(folder);
  if (*relative.begin() == "..") return false;
  return std::ranges::any_of(words, [&](const std::string& word) {
    // `${name}.cpp` in a loop over names stands for each file whose stem is a word of that CMake
    // file.
    if (word.ends_with("}" + relative.extension().string()))
      return words.contains(relative.stem().string());
    // Headers are named from their include folder.
    return word == relative.generic_string() ||
           (word.size() > 2 && file.is_header() &&
            relative.generic_string().ends_with("/" + word)) ||
           word == "${CMAKE_CURRENT_SOURCE_DIR}/" + relative.generic_string();
  });
}

// The last part of each included path.
Names included_names(const Repository& repository) {
  Names names;
  for (const auto& file : repository.files) {
    for (const auto& line : file.lines) {
      if (!line.starts_with("#include ")) continue;
      const auto end = line.find_last_of(">\"");
      const auto begin = line.find_last_of("/<\"", end - 1);
      names.insert(line.substr(begin + 1, end - begin - 1));
    }
  }
  return names;
}

}  // namespace

Findings check_dead_files(const Repository& repository) {
  std::vector<std::pair<const SourceFile*, Names>> cmake_files;
  for (const auto& file : repository.files) {
    if (file.is_cmake()) cmake_files.emplace_back(&file, words_of(file));
  }
  const Names included = included_names(repository);
  Findings findings;
  for (const auto& file : repository.files) {
    if (!file.is_code()) continue;
    const bool named = std::ranges::any_of(cmake_files, [&](const auto& cmake) {
      return is_named_by(*cmake.first, cmake.second, file);
    });
    const bool used =
        named || (file.is_header() &&
                  included.contains(std::filesystem::path(file.path).filename().string()));
    if (!used) {
      findings.push_back(fmt::format(
          "{}:0: nothing builds or includes it; name it in a CMakeLists.txt or remove it",
          file.path));
    }
  }
  return findings;
}

}  // namespace runledger::tidy
