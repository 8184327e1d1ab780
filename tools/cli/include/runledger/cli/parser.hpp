#pragma once

#include <span>
#include <string>
#include <vector>

#include <runledger/base/result.hpp>
#include <runledger/cli/arguments.hpp>
#include <runledger/cli/command.hpp>

namespace runledger::cli {

// A command line that was understood.
struct Invocation {
  std::vector<const Command*> path;  // from the root to the command
  Arguments arguments;               // options of the root among them
  bool wants_help = false;           // then nothing else was checked

  [[nodiscard]] const Command& command() const { return *path.back(); }
};

// `runledger runs ls`.
std::string path_text(std::span<const Command* const> path);

// Reads a command line, the program's name left off. CLI11 does the reading; what is missing,
// unknown, misspelt, doubled or outside an option's words is told in our own sentences.
//
// Errors: invalid_input.
Result<Invocation> parse(const Command& root, const std::vector<std::string>& words);

// `; did you mean X?`, or nothing when no candidate is near.
std::string suggestion(std::string_view word, std::span<const std::string> candidates,
                       std::string_view before = {});

}  // namespace runledger::cli
