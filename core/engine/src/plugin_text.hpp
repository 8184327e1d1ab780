#pragma once

#include <cstddef>
#include <cstring>
#include <string>

#include <runledger/base/text.hpp>

namespace runledger {

// A copy of a text from a plugin, of which no more is read than is kept. NULL is empty.
inline std::string plugin_text(const char* text, std::size_t bytes_max) {
  if (text == nullptr) return {};
  return printable_text({text, ::strnlen(text, bytes_max + 1)}, bytes_max);
}

}  // namespace runledger
