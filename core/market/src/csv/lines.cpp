#include "lines.hpp"

#include <cstring>

#include <runledger/base/text.hpp>

namespace runledger::csv {
namespace {

constexpr std::size_t kShownBytesMax = 40;

const char* find(const char* from, const char* end, char wanted) {
  return static_cast<const char*>(std::memchr(from, wanted, static_cast<std::size_t>(end - from)));
}

std::string_view between(const char* from, const char* to) {
  return {from, static_cast<std::size_t>(to - from)};
}

}  // namespace

bool LineReader::next(std::string_view& line) {
  if (rest_.empty()) return false;
  const std::size_t end = rest_.find('\n');
  line = rest_.substr(0, end);
  rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  ++number_;
  return true;
}

std::size_t split_plain(std::string_view line, char delimiter, std::span<std::string_view> fields) {
  const char* from = line.data();
  const char* const end = from + line.size();
  std::size_t count = 0;
  for (const char* at = from; at != end; ++at) {
    if (*at != delimiter) continue;
    if (count < fields.size()) fields[count] = between(from, at);
    ++count;
    from = at + 1;
  }
  if (count < fields.size()) fields[count] = between(from, end);
  return count + 1;
}

std::size_t split_fields(std::string_view line, char delimiter,
                         std::span<std::string_view> fields) {
  const char* from = line.data();
  const char* const end = from + line.size();
  for (std::size_t count = 0;; ++count) {
    std::string_view field;
    if (from != end && *from == '"') {
      const char* close = find(from + 1, end, '"');
      while (close != nullptr && close + 1 != end && close[1] == '"') {
        close = find(close + 2, end, '"');  // two quotes are one within the field
      }
      if (close == nullptr || (close + 1 != end && close[1] != delimiter)) return kUnclosedQuote;
      field = between(from + 1, close);
      from = close + 1;
    } else {
      const char* const stop = from == end ? nullptr : find(from, end, delimiter);
      field = between(from, stop == nullptr ? end : stop);
      from += field.size();
    }
    if (count < fields.size()) fields[count] = field;
    if (from == end) return count + 1;
    ++from;
  }
}

std::uint64_t count_lines(std::string_view text) {
  std::uint64_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) {
    const std::size_t end = text.find('\n', at);
    at = end == std::string_view::npos ? text.size() : end + 1;
  }
  return count;
}

std::string shown(std::string_view field) {
  const bool cut = field.size() > kShownBytesMax;
  std::string text(field.substr(0, kShownBytesMax));
  if (!is_printable_utf8(text)) {
    for (char& c : text) {
      if (c < 0x20 || c > 0x7e) c = '?';
    }
  }
  return cut ? text + "..." : text;
}

}  // namespace runledger::csv
