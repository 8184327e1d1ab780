#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace runledger {

// A short decimal text that reads back to the same double (0.0005, 1e+21); "NaN", "inf", "-inf".
std::string format_double(double value);

// A whole text as a number; nothing for blanks, a trailing letter, or out of range.
std::optional<double> parse_double(std::string_view text);
std::optional<std::int64_t> parse_int(std::string_view text);
std::optional<std::uint64_t> parse_uint(std::string_view text);

std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);
std::string_view trim(std::string_view text);
std::string to_lower(std::string_view text);

// The candidate nearest to `word` by edit distance, when it is near enough to be a slip; else the
// shortest that begins with it.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

// `SIGSEGV`; `signal 40` for one without a name.
std::string signal_name(int signal);

// True when every byte sequence in `text` is well-formed UTF-8 without control characters.
bool is_printable_utf8(std::string_view text);
// `text` as is_printable_utf8 wants it, at most `bytes_max` long and cut between characters.
// Control characters become blanks, bytes that are no UTF-8 become `?`.
std::string printable_text(std::string_view text, std::size_t bytes_max);

}  // namespace runledger
