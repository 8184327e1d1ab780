#include <algorithm>
#include <cstdlib>

#include <sys/ioctl.h>
#include <unistd.h>

#include <runledger/base/text.hpp>
#include <runledger/cli/terminal.hpp>

namespace runledger::cli {
namespace {

constexpr std::size_t kWidthMin = 20;
constexpr std::size_t kWidthUsual = 80;
constexpr std::size_t kWidthMax = 400;

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing sets variables
  return value == nullptr ? std::string_view() : value;
}

// The locale that decides the character set, as setlocale would find it.
bool locale_is_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string value = to_lower(variable(name));
    if (!value.empty()) return value.ends_with("utf-8") || value.ends_with("utf8");
  }
  return false;
}

std::size_t width_of(int descriptor) {
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

// What shells call the width, for terminals that do not know theirs and for charts in a pipe.
std::size_t width_from_environment() {
  const auto columns = parse_uint(variable("COLUMNS"));
  return columns ? static_cast<std::size_t>(std::min<std::uint64_t>(*columns, kWidthMax)) : 0;
}

std::size_t clamp_width(std::size_t width) {
  if (width == 0) return kWidthUsual;
  return width < kWidthMin ? kWidthMin : width > kWidthMax ? kWidthMax : width;
}

std::string_view sequence_of(Tone tone) {
  switch (tone) {
    case Tone::plain:
      return "";
    case Tone::strong:
      return "\x1b[1m";
    case Tone::faint:
      return "\x1b[2m";
    case Tone::good:
      return "\x1b[32m";
    case Tone::bad:
      return "\x1b[31m";
    case Tone::notice:
      return "\x1b[33m";
  }
  return "";
}

}  // namespace

Terminal detect_terminal(bool no_color) {
  Terminal terminal;
  terminal.out = ::isatty(STDOUT_FILENO) == 1;
  terminal.err = ::isatty(STDERR_FILENO) == 1;
  terminal.utf8 = locale_is_utf8();
  terminal.color = terminal.out && !no_color && variable("NO_COLOR").empty() &&
                   !variable("TERM").empty() && variable("TERM") != "dumb";
  const bool any = terminal.out || terminal.err;
  const std::size_t width = any ? width_of(terminal.out ? STDOUT_FILENO : STDERR_FILENO) : 0;
  terminal.width = clamp_width(width != 0 ? width : width_from_environment());
  return terminal;
}

std::string paint(std::string_view text, Tone tone, const Terminal& terminal) {
  if (!terminal.color || tone == Tone::plain) return std::string(text);
  std::string painted(sequence_of(tone));
  painted += text;
  painted += "\x1b[0m";
  return painted;
}

}  // namespace runledger::cli
