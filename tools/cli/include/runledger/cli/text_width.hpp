#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace runledger::cli {

// How many columns a terminal gives to `text` (UTF-8): combining marks take none, East Asian wide
// characters and emoji two.
std::size_t display_width(std::string_view text);

// `text` safe to show: control characters and bytes that are not UTF-8 become `\x1b` and the like,
// so that a strategy's log cannot drive the terminal. With `keep_lines`, line ends and tabs stay.
std::string printable(std::string_view text, bool keep_lines = false);

// The start of `text` that fits `width` columns, ending in `…` (or `~` without UTF-8) when cut.
std::string cut_to_width(std::string_view text, std::size_t width, bool utf8);

// Lines of at most `width` columns, broken at blanks; a longer word stands alone.
std::string wrap(std::string_view text, std::size_t width, std::size_t indent);

}  // namespace runledger::cli
