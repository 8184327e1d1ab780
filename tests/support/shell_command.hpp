#pragma once

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include <sys/wait.h>

namespace runledger::test {

struct CommandOutcome {
  int status;        // exit status; -1 when a signal ended it
  std::string text;  // both streams, in the order they were written
};

// Runs a bash script in `folder` with an empty standard input. The script is kept there as a file,
// so it may hold any quotes.
inline CommandOutcome run_in_bash(const std::filesystem::path& folder, std::string_view script) {
  std::ofstream(folder / "script") << script;
  const std::string command = "cd '" + folder.string() + "' && bash ./script </dev/null 2>&1";
  // NOLINTNEXTLINE(cert-env33-c,bugprone-command-processor): a shell is what is tested
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("no shell for " + command);
  CommandOutcome outcome{.status = -1, .text = {}};
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) {
    outcome.text.push_back(static_cast<char>(c));
  }
  const int status = ::pclose(pipe);
  if (WIFEXITED(status)) outcome.status = WEXITSTATUS(status);
  return outcome;
}

}  // namespace runledger::test
