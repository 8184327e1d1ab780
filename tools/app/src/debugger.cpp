#include "debugger.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

#include <runledger/base/text.hpp>

namespace runledger::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kShellMarks = "\"'\\$`~*?[]{}()<>|&;#!";
constexpr std::string_view kUsualPath = "/usr/local/bin:/usr/bin:/bin";

bool can_be_started(const fs::path& file) {
  std::error_code ignored;
  return fs::is_regular_file(file, ignored) && ::access(file.c_str(), X_OK) == 0;
}

// The word that is executed: the first that is no assignment to a variable.
std::optional<std::string> program_in(std::string command) {
  std::ranges::replace(command, '\t', ' ');
  for (const std::string_view word : split(command, ' '))
    if (!word.empty() && !word.contains('=')) return std::string(word);
  return std::nullopt;
}

// Whether a shell would look for the end of a quote beyond the end of the command.
bool has_open_quote(std::string_view command) {
  char quote = 0;
  for (std::size_t i = 0; i < command.size(); ++i) {
    const char c = command[i];
    if (c == '\\' && quote != '\'') {
      if (++i == command.size()) return true;
    } else if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'' || c == '`') {
      quote = c;
    }
  }
  return quote != 0;
}

bool is_in_path(std::string_view program) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here changes the environment
  const char* path = std::getenv("PATH");
  const auto folders = split(path != nullptr ? std::string_view(path) : kUsualPath, ':');
  return std::ranges::any_of(folders, [&](std::string_view folder) {
    return can_be_started(fs::path(folder.empty() ? "." : folder) / program);
  });
}

}  // namespace

Status check_debugger(const std::string& command) {
  if (has_open_quote(command))
    return fail(ErrorCode::invalid_input,
                fmt::format("--under is `{}`, which has a quote that is not closed; expected a "
                            "debugger such as \"gdb --args\"",
                            command));
  if (command.find_first_of(kShellMarks) != std::string::npos) return {};
  const auto program = program_in(command);
  if (!program)
    return fail(ErrorCode::invalid_input,
                "--under names no program; expected a debugger such as \"gdb --args\"");
  const bool is_file = program->contains('/');
  if (is_file ? can_be_started(fs::path(*program)) : is_in_path(*program)) return {};
  return fail(
      ErrorCode::invalid_input,
      fmt::format("--under begins with {}, which is no program {}; expected a debugger such "
                  "as \"gdb --args\"",
                  *program, is_file ? "that can be started" : "in PATH"));
}

}  // namespace runledger::app
