#include "plugin_text.hpp"

#include <cstring>
#include <string_view>

#include <runledger/base/text.hpp>

namespace runledger {
namespace {

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }
bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// The length of the character that starts `text`; 0 when its bytes are no UTF-8.
std::size_t character_length(std::string_view text) {
  for (std::size_t length = 1; length <= 4 && length <= text.size(); ++length) {
    if (is_printable_utf8(text.substr(0, length))) return length;
  }
  return 0;
}

}  // namespace

std::string plugin_text(const char* text, std::size_t bytes_max) {
  if (text == nullptr) return {};
  const std::size_t length = ::strnlen(text, bytes_max + 1);
  std::string_view rest(text, length);
  if (length > bytes_max) {
    std::size_t cut = bytes_max;
    while (cut > 0 && bytes_max - cut < 3 && continues_character(text[cut])) --cut;
    rest = rest.substr(0, cut);
  }
  if (is_printable_utf8(rest)) return std::string(rest);
  std::string clean;
  while (!rest.empty()) {
    const std::size_t taken = character_length(rest);
    if (taken > 0) {
      clean += rest.substr(0, taken);
    } else {
      clean += is_control(rest.front()) ? ' ' : '?';
    }
    rest.remove_prefix(taken > 0 ? taken : 1);
  }
  return clean;
}

}  // namespace runledger
