#include <algorithm>

#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/cli/help.hpp>
#include <runledger/cli/parser.hpp>
#include <runledger/cli/text_width.hpp>

namespace runledger::cli {
namespace {

constexpr std::size_t kTextWidthMax = 96;  // longer lines are hard to read
constexpr std::size_t kHeadingWidthMax = 26;

struct Entry {
  std::string heading, text;
};

std::size_t text_width(const Terminal& terminal) { return std::min(terminal.width, kTextWidthMax); }

// Headings on the left, texts wrapped on the right.
std::string entries_text(const std::vector<Entry>& entries, std::size_t width) {
  std::size_t column = 0;
  for (const Entry& entry : entries) {
    const std::size_t heading = display_width(entry.heading);
    if (heading <= kHeadingWidthMax) column = std::max(column, heading);
  }
  column += 4;  // two before, two after
  std::string text;
  for (const Entry& entry : entries) {
    const std::string heading = "  " + entry.heading;
    std::string body = wrap(entry.text, width, column);
    if (display_width(heading) + 2 <= column) {
      body.replace(0, column, heading + std::string(column - display_width(heading), ' '));
    } else {
      body.insert(0, heading + "\n");
    }
    text += body + '\n';
  }
  return text;
}

std::string section(std::string_view title, const std::string& body, const Terminal& terminal) {
  if (body.empty()) return {};
  return "\n" + paint(title, Tone::strong, terminal) + "\n" + body;
}

std::string option_help(const Option& option) {
  std::string text = option.help;
  if (!option.words.empty()) text += ": " + join(option.words, ", ");
  if (option.repeatable) text += " (may be repeated)";
  return text;
}

std::string options_text(const Command& command, std::size_t width) {
  std::vector<Entry> entries;
  for (const Option& option : command.options) {
    entries.push_back({option_heading(option), option_help(option)});
  }
  return entries_text(entries, width);
}

std::string operands_text(const Command& command, std::size_t width) {
  std::vector<Entry> entries;
  for (const Operand& operand : command.operands) {
    std::string text = operand.help;
    if (!operand.words.empty()) text += ": " + join(operand.words, ", ");
    entries.push_back({operand.name, text});
  }
  return entries_text(entries, width);
}

std::string commands_text(const Command& group, std::size_t width) {
  std::vector<Entry> entries;
  for (const Command& command : group.commands) {
    if (!command.hidden) entries.push_back({command.name, command.summary});
  }
  return entries_text(entries, width);
}

std::string examples_text(const Command& command, const std::string& program,
                          const Terminal& terminal) {
  std::string text;
  for (const Example& example : command.examples) {
    text += paint("  # " + example.what, Tone::faint, terminal) + "\n";
    text += fmt::format("  {} {}\n", program, example.line);
  }
  return text;
}

}  // namespace

std::string synopsis(const Command& command) {
  std::string text;
  if (!command.commands.empty()) return "COMMAND";
  for (const Operand& operand : command.operands) {
    std::string one = operand.name + (operand.max > 1 ? "..." : "");
    text += (operand.min == 0 ? "[" + one + "]" : one) + " ";
  }
  bool optional = false;
  for (const Option& option : command.options) {
    if (option.required && option.letter != 0) {
      text += fmt::format("-{} {} ", option.letter, option.value);
    } else if (option.required) {
      text += fmt::format("--{} {} ", option.name, option.value);
    }
    optional |= !option.required;
  }
  if (optional) text += "[OPTION]...";
  return std::string(trim(text));
}

std::string option_heading(const Option& option) {
  std::string text = option.letter != 0 ? fmt::format("-{}, ", option.letter) : "    ";
  text += "--" + option.name;
  if (!option.value.empty()) text += " " + option.value;
  return text;
}

std::string help_text(std::span<const Command* const> path, const Terminal& terminal) {
  const Command& root = *path.front();
  const Command& command = *path.back();
  const std::size_t width = text_width(terminal);
  const std::string name = path_text(path);

  std::string text = wrap(name + " - " + command.summary, width, 0) + "\n\n";
  text += paint("Usage", Tone::strong, terminal) + "\n";
  text += fmt::format("  {}\n", trim(fmt::format("{} {}", name, synopsis(command))));
  for (const std::string_view paragraph : split(command.details, '\n')) {
    if (!paragraph.empty()) text += "\n" + wrap(paragraph, width, 0) + "\n";
  }
  text += section("Commands", commands_text(command, width), terminal);
  text += section("Arguments", operands_text(command, width), terminal);
  if (path.size() > 1) {
    text += section("Options", options_text(command, width), terminal);
    text += section("Examples", examples_text(command, root.name, terminal), terminal);
    text += fmt::format("\n`{} --help` tells the options that every command takes.\n", root.name);
    return text;
  }
  text += section("Options of every command", options_text(command, width), terminal);
  text += section("Examples", examples_text(command, root.name, terminal), terminal);
  return text;
}

}  // namespace runledger::cli
