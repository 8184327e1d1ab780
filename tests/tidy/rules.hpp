#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "repository.hpp"

namespace runledger::tidy {

// "path:line: what is wrong, and what to do"; line 0 means the whole file.
using Findings = std::vector<std::string>;

// Files that a rule leaves alone, each for a stated reason.
struct Exception {
  std::string_view path;  // a file, or a folder with everything below it
  std::string_view reason;
};

inline constexpr std::size_t kFileLinesMax = 600;

// Includes point only down the directions of dependence, never into another area's private headers.
Findings check_dependence_directions(const Repository& repository);
// A library's headers are included only in the folders that own it; an unknown library is refused.
Findings check_third_party_owners(const Repository& repository);
Findings check_file_lengths(const Repository& repository, std::span<const Exception> exceptions);
// Marks of unfinished work, and words that belong to a workplace and not to the project.
Findings check_words(const Repository& repository);
// Every source is in a CMakeLists.txt, every header is in one or is included.
Findings check_dead_files(const Repository& repository);
Findings check_header_guards(const Repository& repository);
Findings check_top_folders(const Repository& repository);
// No disabled test; a skipped one says why; a test's name is a sentence.
Findings check_tests(const Repository& repository);
// Relative links of the Markdown files lead somewhere.
Findings check_links(const Repository& repository);
// Scripts stop at the first error.
Findings check_scripts(const Repository& repository);

}  // namespace runledger::tidy
