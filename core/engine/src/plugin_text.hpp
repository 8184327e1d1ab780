#pragma once

#include <cstddef>
#include <string>

namespace runledger {

// A copy of a text from a plugin, at most `bytes_max` long and cut between characters. Control
// characters become blanks, bytes that are no UTF-8 become `?`. NULL is empty.
std::string plugin_text(const char* text, std::size_t bytes_max);

}  // namespace runledger
