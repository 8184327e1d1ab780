#pragma once

#include <algorithm>
#include <array>
#include <string>

#include <runledger/base/text.hpp>

namespace runledger::worker {

// NUL-terminated text in shared memory, which a plugin may have written over: empty unless
// printable.
template <std::size_t N>
std::string status_text(const std::array<char, N>& characters) {
  const auto* end = std::ranges::find(characters, '\0');
  std::string text(characters.data(), static_cast<std::size_t>(end - characters.data()));
  return is_printable_utf8(text) ? text : std::string();
}

}  // namespace runledger::worker
