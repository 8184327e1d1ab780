#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/cli/help.hpp>
#include <runledger/cli/parser.hpp>

namespace runledger::cli {
namespace {

// Text as man(7) source: no escapes, no requests, hyphens that can be copied.
std::string roff(std::string_view text) {
  std::string safe;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) safe += "\\&";
    if (c == '\\') {
      safe += "\\e";
    } else if (c == '-') {
      safe += "\\-";
    } else {
      safe += c;
    }
    line_start = c == '\n';
  }
  return safe;
}

std::string tagged(const std::string& heading, const std::string& text) {
  return fmt::format(".TP\n.B {}\n{}\n", roff(std::string(trim(heading))), roff(text));
}

std::string option_entries(const Command& command) {
  std::string page;
  for (const Option& option : command.options) {
    std::string text = option.help;
    if (!option.words.empty()) text += ": " + join(option.words, ", ");
    page +=
        tagged(option_heading(option), text + (option.repeatable ? " (may be repeated)." : "."));
  }
  return page;
}

std::string paragraphs(std::string_view details) {
  std::string page;
  for (const std::string_view paragraph : split(details, '\n')) {
    if (!paragraph.empty()) page += ".PP\n" + roff(paragraph) + "\n";
  }
  return page;
}

std::string example_entries(const Command& root, const Command& command) {
  std::string page;
  for (const Example& example : command.examples) {
    page += fmt::format(".PP\n{}:\n.PP\n.RS 4\n.EX\n{} {}\n.EE\n.RE\n", roff(example.what),
                        root.name, roff(example.line));
  }
  return page;
}

void command_sections(std::vector<const Command*>& path, std::string& page) {
  const Command& command = *path.back();
  if (command.hidden) return;
  if (command.commands.empty()) {
    const std::string name = path_text(path).substr(path.front()->name.size() + 1);
    page +=
        fmt::format(".SS {} {}\n{}.\n", roff(name), roff(synopsis(command)), roff(command.summary));
    page += paragraphs(command.details);
    for (const Operand& operand : command.operands) {
      std::string text = operand.help;
      if (!operand.words.empty()) text += ": " + join(operand.words, ", ");
      page += tagged(operand.name, text + ".");
    }
    page += option_entries(command) + example_entries(*path.front(), command);
  }
  for (const Command& child : command.commands) {
    path.push_back(&child);
    command_sections(path, page);
    path.pop_back();
  }
}

constexpr std::string_view kStatuses = R"(.SH EXIT STATUS
.TP
.B 0
done
.TP
.B 1
the answer is no: it differs, or the run failed
.TP
.B 2
usage or input is wrong
.TP
.B 3
the ledger is damaged or was rolled back
.TP
.B 4
there is no such thing
.TP
.B 5
a write failed, or its outcome is unknown
.TP
.B 70
a bug of runledger
.TP
.B 75
the ledger stayed locked
.TP
.B 130
interrupted
)";

constexpr std::string_view kEnvironment = R"(.SH ENVIRONMENT
.TP
.B RUNLEDGER
The ledger, when
.B \-\-ledger
is not given.
.TP
.B RUNLEDGER_PLUGINS
Folders of plugins, separated by colons, searched before the installed ones.
.TP
.B NO_COLOR
When set to anything, nothing is coloured.
.TP
.B COLUMNS
How wide charts are in a pipe, and tables on a terminal that does not tell its width (80).
)";

}  // namespace

std::string manual_page(const Command& root, std::string_view version) {
  std::string page =
      fmt::format(".TH RUNLEDGER 1 \"\" \"{} {}\" \"User Commands\"\n", root.name, version);
  page += fmt::format(".SH NAME\n{} \\- {}\n", root.name, roff(root.summary));
  page += fmt::format(".SH SYNOPSIS\n.B {}\n.I COMMAND\n.RI [ OPTION ]...\n", root.name);
  page += ".SH DESCRIPTION\n" + paragraphs(root.details);
  page += ".SH OPTIONS\nThese may stand before or after the command.\n" + option_entries(root);
  page += ".SH COMMANDS\n";
  std::vector<const Command*> path{&root};
  command_sections(path, page);
  page += kStatuses;
  page += kEnvironment;
  page += ".SH EXAMPLES\n" + example_entries(root, root);
  return page;
}

}  // namespace runledger::cli
