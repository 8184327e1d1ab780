#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace runledger {

// Counts as people read them.

// A number's text with commas between groups of three digits of its integer part: `-1,234.50`.
std::string group_digits(std::string text);
// `1,234,567`.
std::string count(std::uint64_t value);
// `1 run`, `2 runs`; `many` only for irregular plurals.
std::string counted(std::uint64_t value, std::string_view one, std::string_view many = {});

}  // namespace runledger
