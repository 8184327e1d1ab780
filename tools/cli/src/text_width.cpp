#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/format.h>

#include <runledger/base/text.hpp>
#include <runledger/cli/text_width.hpp>

namespace runledger::cli {
namespace {

struct Range {
  char32_t first, last;
};

// Marks that stand on the character before them, joiners and variation selectors.
constexpr std::array kNoWidth{Range{0x0300, 0x036f}, Range{0x0483, 0x0489}, Range{0x0591, 0x05bd},
                              Range{0x0610, 0x061a}, Range{0x064b, 0x065f}, Range{0x093c, 0x093c},
                              Range{0x094d, 0x094d}, Range{0x0e31, 0x0e3a}, Range{0x200b, 0x200f},
                              Range{0x202a, 0x202e}, Range{0x2060, 0x2064}, Range{0x20d0, 0x20f0},
                              Range{0xfe00, 0xfe0f}, Range{0xfe20, 0xfe2f}, Range{0xfeff, 0xfeff}};

// Unicode's East Asian Width W and F, joined to blocks.
constexpr std::array kWide{
    Range{0x1100, 0x115f},   Range{0x231a, 0x231b},   Range{0x2e80, 0x303e},
    Range{0x3041, 0x33ff},   Range{0x3400, 0x4dbf},   Range{0x4e00, 0x9fff},
    Range{0xa000, 0xa4cf},   Range{0xac00, 0xd7a3},   Range{0xf900, 0xfaff},
    Range{0xfe30, 0xfe6f},   Range{0xff00, 0xff60},   Range{0xffe0, 0xffe6},
    Range{0x1f300, 0x1f64f}, Range{0x1f680, 0x1f6ff}, Range{0x1f900, 0x1f9ff},
    Range{0x20000, 0x3fffd}};

template <std::size_t N>
bool lies_in(char32_t c, const std::array<Range, N>& ranges) {
  return std::ranges::any_of(ranges, [&](Range r) { return r.first <= c && c <= r.last; });
}

struct Character {
  char32_t code = 0;
  std::size_t bytes = 1;
};

// The character that `text` starts with; a byte that begins none stands for itself.
Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const std::size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  if (bytes == 1 || text.size() < bytes) return {lead, 1};
  char32_t code = lead & (0x7fU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return {lead, 1};
    code = code << 6U | (byte(i) & 0x3fU);
  }
  return {code, bytes};
}

std::size_t width_of(char32_t code) {
  if (lies_in(code, kNoWidth)) return 0;
  return lies_in(code, kWide) ? 2 : 1;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const Character character = first_character(text);
    width += width_of(character.code);
    text.remove_prefix(character.bytes);
  }
  return width;
}

std::string printable(std::string_view text, bool keep_lines) {
  std::string safe;
  safe.reserve(text.size());
  while (!text.empty()) {
    const std::size_t bytes = first_character(text).bytes;
    const std::string_view piece = text.substr(0, bytes);
    const bool line = keep_lines && (piece == "\n" || piece == "\t");
    if (line || is_printable_utf8(piece)) {
      safe += piece;
    } else {
      for (const char c : piece) safe += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
    text.remove_prefix(bytes);
  }
  return safe;
}

std::string cut_to_width(std::string_view text, std::size_t width, bool utf8) {
  if (display_width(text) <= width) return std::string(text);
  if (width == 0) return {};
  std::string kept;
  std::size_t used = 0;
  while (!text.empty()) {
    const Character character = first_character(text);
    const std::size_t next = used + width_of(character.code);
    if (next > width - 1) break;
    kept += text.substr(0, character.bytes);
    used = next;
    text.remove_prefix(character.bytes);
  }
  return kept + (utf8 ? "…" : "~");
}

std::string wrap(std::string_view text, std::size_t width, std::size_t indent) {
  const std::string margin(indent, ' ');
  std::string lines;
  std::size_t column = 0;
  for (const std::string_view word : split(text, ' ')) {
    if (word.empty()) continue;
    const std::size_t word_width = display_width(word);
    if (column == 0) {
      lines += margin;
      column = indent;
    } else if (column + 1 + word_width > width) {
      lines += '\n' + margin;
      column = indent;
    } else {
      lines += ' ';
      ++column;
    }
    lines += word;
    column += word_width;
  }
  return lines;
}

}  // namespace runledger::cli
