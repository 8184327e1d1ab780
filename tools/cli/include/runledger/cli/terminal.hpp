#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace runledger::cli {

// What the program's output goes to.
struct Terminal {
  bool out = false;        // stdout is a terminal
  bool err = false;        // stderr is a terminal
  std::size_t width = 80;  // of stdout, or of stderr when stdout is none; else as COLUMNS says
  bool color = false;      // stdout is a terminal that takes colour, and nobody refused it
  bool utf8 = false;       // the locale's text is UTF-8
};

// Looks at the standard streams, the locale's variables, NO_COLOR, TERM and COLUMNS.
Terminal detect_terminal(bool no_color);

// How a piece of text stands out; without colour every tone is plain.
enum class Tone { plain, strong, faint, good, bad, notice };

// `text` between the escape sequences of `tone`, or as it is.
std::string paint(std::string_view text, Tone tone, const Terminal& terminal);

}  // namespace runledger::cli
