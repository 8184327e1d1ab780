#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <utility>

#include <runledger/base/text.hpp>

namespace runledger {
namespace {

template <class T>
std::optional<T> parse_whole(std::string_view text) {
  T value{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

// from_chars takes no plus sign; a second sign stays, to be refused.
std::string_view without_plus(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  return text;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substitute = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substitute});
    }
  }
  return row.back();
}

// The shortest of the candidates that begin with `word`, which is two letters or more.
std::optional<std::string> shortest_that_begins(std::string_view word,
                                                std::span<const std::string> candidates) {
  std::optional<std::string> best;
  for (const std::string& candidate : candidates) {
    const bool begins = word.size() >= 2 && to_lower(candidate).starts_with(to_lower(word));
    if (begins && (!best || candidate.size() < best->size())) best = candidate;
  }
  return best;
}

// The length of the well-formed, printable UTF-8 sequence that starts `text`, else 0.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return first >= 0x20 && first != 0x7f ? 1 : 0;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  const unsigned char second = byte(1);
  const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool surrogate = first == 0xed && second > 0x9f;
  const bool above = first == 0xf4 && second > 0x8f;
  const bool control = first == 0xc2 && second < 0xa0;
  return overlong || surrogate || above || control ? 0 : length;
}

constexpr std::size_t kWordBytes = sizeof(std::uint64_t);

// Whether the next eight bytes are all ' ' to '~'. A sum or difference that overflows into the next
// byte comes from a byte that is none of these and sets its own highest bit.
bool begins_with_plain_word(std::string_view text) {
  constexpr std::uint64_t kEach = 0x0101010101010101;
  if (text.size() < kWordBytes) return false;
  std::uint64_t word = 0;
  std::memcpy(&word, text.data(), kWordBytes);
  return ((word | (word - kEach * ' ') | (word + kEach)) & kEach * 0x80) == 0;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

std::string_view cut_between_characters(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  const auto continues = [&](std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80;
  };
  std::size_t cut = bytes_max;
  while (cut > 0 && bytes_max - cut < 3 && continues(cut)) --cut;
  return text.substr(0, cut);
}

}  // namespace

std::string format_double(double value) {
  if (std::isnan(value)) return "NaN";
  constexpr double kFixedFrom = 1e-6;  // 0.0005 reads better than 5e-04
  constexpr double kFixedTo = 1e-3;
  const bool fixed = std::abs(value) >= kFixedFrom && std::abs(value) < kFixedTo;
  char buffer[40];
  const auto [end, error] =
      fixed ? std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed)
            : std::to_chars(buffer, buffer + sizeof buffer, value);
  return error == std::errc() ? std::string(buffer, end) : std::string();
}

std::optional<double> parse_double(std::string_view text) {
  return parse_whole<double>(without_plus(text));
}
std::optional<std::int64_t> parse_int(std::string_view text) {
  return parse_whole<std::int64_t>(without_plus(text));
}
std::optional<std::uint64_t> parse_uint(std::string_view text) {
  return parse_whole<std::uint64_t>(text);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += separator;
    text += parts[i];
  }
  return text;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::string to_lower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
}

std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates) {
  std::optional<std::string> best;
  // A word of three letters is another word after two changes, and a letter after one.
  std::size_t best_distance =
      (word.size() < 4 ? word.size() / 2 : std::max<std::size_t>(2, word.size() / 3)) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(to_lower(word), to_lower(candidate));
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best ? best : shortest_that_begins(word, candidates);
}

std::string signal_name(int signal) {
  const char* name = ::sigabbrev_np(signal);
  return name != nullptr ? std::string("SIG") + name : "signal " + std::to_string(signal);
}

bool is_printable_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = begins_with_plain_word(text) ? kWordBytes : sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string printable_text(std::string_view text, std::size_t bytes_max) {
  text = cut_between_characters(text, bytes_max);
  if (is_printable_utf8(text)) return std::string(text);
  std::string printable;
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length > 0) {
      printable += text.substr(0, length);
    } else {
      printable += is_control(text.front()) ? ' ' : '?';
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return printable;
}

}  // namespace runledger
