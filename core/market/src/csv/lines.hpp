#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace runledger::csv {

// Walks the lines of a text; their ends are \n or \r\n, and the last one may lack it.
class LineReader {
 public:
  explicit LineReader(std::string_view text, std::uint64_t lines_before = 0)
      : rest_(text), number_(lines_before) {}

  // False at the end of the text.
  bool next(std::string_view& line);
  // The number of the line that next() gave last, from 1.
  [[nodiscard]] std::uint64_t number() const { return number_; }
  [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
  std::uint64_t number_;
};

inline constexpr std::size_t kUnclosedQuote = static_cast<std::size_t>(-1);

// Splits a line and returns how many fields it has; those beyond `fields` are counted only. A field
// that starts with a quote ends with one, and the quotes are not part of it.
std::size_t split_fields(std::string_view line, char delimiter, std::span<std::string_view> fields);

// As split_fields, for a line that is known to have no quotes.
std::size_t split_plain(std::string_view line, char delimiter, std::span<std::string_view> fields);

std::uint64_t count_lines(std::string_view text);

// A field as a message shows it: at most 40 bytes, printable.
std::string shown(std::string_view field);

}  // namespace runledger::csv
