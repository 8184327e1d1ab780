#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <regex>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "rules.hpp"

namespace runledger::tidy {
namespace {

bool is_word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// Where `word` stands as a word of its own; npos when nowhere.
std::size_t find_word(std::string_view line, std::string_view word) {
  for (std::size_t at = line.find(word); at != std::string_view::npos;
       at = line.find(word, at + 1)) {
    const bool starts = at == 0 || !is_word_character(line[at - 1]);
    const std::size_t end = at + word.size();
    if (starts && (end == line.size() || !is_word_character(line[end]))) return at;
  }
  return std::string_view::npos;
}

// Written in two parts each, so that this file keeps the rule that it states.
constexpr std::array<std::string_view, 7> kUnfinishedWords = {
    "fix"
    "me",
    "xx"
    "x",
    "ha"
    "ck",
    "for "
    "now",
    "st"
    "ub",
    "place"
    "holder",
    "not "
    "implemented"};
constexpr std::array<std::string_view, 4> kWorkplaceWords = {
    "/wo"
    "rk/",
    "/fa"
    "rm/",
    "sub"
    "agent",
    "fa"
    "rm-"};
constexpr std::string_view kTodo =
    "TO"
    "DO";

void check_line(const SourceFile& file, std::size_t number, Findings& findings) {
  const std::string_view line = file.lines[number - 1];
  const std::string small = lower(line);
  for (const auto word : kUnfinishedWords) {
    if (find_word(small, word) != std::string_view::npos) {
      findings.push_back(
          fmt::format("{}:{}: \"{}\" marks unfinished work; finish it, or say what it does",
                      file.path, number, word));
    }
  }
  for (const auto word : kWorkplaceWords) {
    if (small.contains(word)) {
      findings.push_back(fmt::format("{}:{}: \"{}\" belongs to a workplace, not to the project",
                                     file.path, number, word));
    }
  }
  const std::size_t todo = find_word(line, kTodo);
  if (todo != std::string_view::npos &&
      find_word(line.substr(todo), "when") == std::string_view::npos) {
    findings.push_back(
        fmt::format("{}:{}: a {} names its condition: \"when ...\"", file.path, number, kTodo));
  }
}

bool is_text_for_people(const SourceFile& file) {
  static constexpr std::array kEndings = {".fbs", ".sh", ".md", ".json", ".in", ".txt", ".1"};
  return file.is_code() || file.is_cmake() || file.is_under(".ci") ||
         std::ranges::any_of(kEndings,
                             [&](std::string_view ending) { return file.ends_with(ending); });
}

bool is_excepted(const SourceFile& file, std::span<const Exception> exceptions) {
  return std::ranges::any_of(exceptions, [&](const Exception& exception) {
    return file.path == exception.path || file.is_under(exception.path);
  });
}

void check_test_name(const SourceFile& file, std::size_t number, Findings& findings) {
  static const std::regex test(
      R"(^\s*(TYPED_TEST|TEST|TEST_F|TEST_P|RC_GTEST_PROP|RC_GTEST_FIXTURE_PROP)\((\w+),\s*(\w+))");
  // Between digits it is a number of a table, such as the 2_10 in
  // Row2_10ATargetThatIsHeldIsNothing.
  static const std::regex underscore(R"([^0-9]_|_[^0-9])");
  std::smatch match;
  if (!std::regex_search(file.lines[number - 1], match, test)) return;
  const std::string name = match[3];
  const auto capitals =
      std::ranges::count_if(name, [](unsigned char c) { return std::isupper(c) != 0; });
  if (std::isupper(static_cast<unsigned char>(name[0])) == 0 || capitals < 2 ||
      std::regex_search(name, underscore)) {
    findings.push_back(fmt::format("{}:{}: the name {} is no sentence, such as RefusesAnEmptyFile",
                                   file.path, number, name));
  }
}

void check_skip(const SourceFile& file, std::size_t number, Findings& findings) {
  const std::string_view line = file.lines[number - 1];
  const std::string next = number < file.lines.size() ? file.lines[number] : std::string();
  const std::string both = std::string(line) + next;
  if (line.contains("GTEST"
                    "_SKIP()") &&
      !both.contains("<<")) {
    findings.push_back(fmt::format("{}:{}: a skipped test says why", file.path, number));
  }
  if (line.contains("DISABLED"
                    "_")) {
    findings.push_back(
        fmt::format("{}:{}: a test is disabled; mend it or remove it", file.path, number));
  }
}

}  // namespace

Findings check_file_lengths(const Repository& repository, std::span<const Exception> exceptions) {
  Findings findings;
  for (const auto& file : repository.files) {
    if (file.lines.size() <= kFileLinesMax || is_excepted(file, exceptions)) continue;
    findings.push_back(fmt::format("{}:0: {} lines, at most {}; does it hold one concept?",
                                   file.path, file.lines.size(), kFileLinesMax));
  }
  return findings;
}

Findings check_words(const Repository& repository) {
  Findings findings;
  for (const auto& file : repository.files) {
    if (!is_text_for_people(file)) continue;
    for (std::size_t number = 1; number <= file.lines.size(); ++number)
      check_line(file, number, findings);
  }
  return findings;
}

Findings check_header_guards(const Repository& repository) {
  Findings findings;
  for (const auto& file : repository.files) {
    if (!file.ends_with(".hpp")) continue;
    const auto code = std::ranges::find_if(file.lines, [](const std::string& line) {
      return !line.empty() && !line.starts_with("//");
    });
    if (code == file.lines.end() || *code != "#pragma once") {
      findings.push_back(fmt::format("{}:1: a header starts with #pragma once", file.path));
    }
  }
  return findings;
}

Findings check_top_folders(const Repository& repository) {
  static constexpr std::array<std::string_view, 8> kFolders = {
      ".ci", "bench", "core", "ledger", "plugins", "schemas", "tests", "tools"};
  Findings findings;
  for (const auto& folder : repository.top_folders) {
    if (std::ranges::find(kFolders, folder) == kFolders.end()) {
      findings.push_back(
          fmt::format("{}:0: no top folder but {}", folder, fmt::join(kFolders, ", ")));
    }
  }
  return findings;
}

Findings check_tests(const Repository& repository) {
  Findings findings;
  for (const auto& file : repository.files) {
    if (!file.is_under("tests") || !file.is_code()) continue;
    for (std::size_t number = 1; number <= file.lines.size(); ++number) {
      check_test_name(file, number, findings);
      check_skip(file, number, findings);
    }
  }
  return findings;
}

Findings check_links(const Repository& repository) {
  static const std::regex link(R"(\]\(([^)#\s]+)[^)]*\))");
  Findings findings;
  for (const auto& file : repository.files) {
    if (!file.ends_with(".md")) continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const auto& line = file.lines[i];
      for (auto match = std::sregex_iterator(line.begin(), line.end(), link);
           match != std::sregex_iterator(); ++match) {
        const std::string target = (*match)[1];
        if (target.contains("://") || target.starts_with("mailto:")) continue;
        const auto path = repository.root / std::filesystem::path(file.path).parent_path() / target;
        if (!std::filesystem::exists(path)) {
          findings.push_back(
              fmt::format("{}:{}: the link to {} leads nowhere", file.path, i + 1, target));
        }
      }
    }
  }
  return findings;
}

Findings check_scripts(const Repository& repository) {
  Findings findings;
  for (const auto& file : repository.files) {
    if (file.lines.empty() || !file.lines.front().contains("bash") ||
        !file.lines.front().starts_with("#!"))
      continue;
    if (std::ranges::find(file.lines, "set -euo pipefail") == file.lines.end()) {
      findings.push_back(fmt::format("{}:1: a script says set -euo pipefail", file.path));
    }
  }
  return findings;
}

}  // namespace runledger::tidy
