#pragma once

#include <span>
#include <string>

#include <runledger/cli/command.hpp>
#include <runledger/cli/terminal.hpp>

namespace runledger::cli {

// What `--help` prints for the last command of `path`.
std::string help_text(std::span<const Command* const> path, const Terminal& terminal);

// The manual page of all commands, as man(7) source.
std::string manual_page(const Command& root, std::string_view version);

enum class Shell { bash, zsh, fish };
// A script that completes commands, options and values in a shell.
std::string completion_script(const Command& root, Shell shell);

}  // namespace runledger::cli
