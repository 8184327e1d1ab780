#include "numbers.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fast_float/fast_float.h>

#include <runledger/base/text.hpp>

namespace runledger::csv {
namespace {

constexpr std::size_t kNumberBytesMax = 400;  // 1e-308 written out has 310

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_missing(std::string_view text) {
  static constexpr std::array<std::string_view, 7> kWords{"",   "-",    "null", "n/a",
                                                          "na", "none", "--"};
  return text.size() <= 4 && std::ranges::find(kWords, to_lower(text)) != kWords.end();
}

Number finished(double value) {
  return {value, std::isfinite(value) ? NumberState::good : NumberState::not_finite};
}

bool parse(std::string_view text, double& value, char mark = '.') {
  const char* const end = text.data() + text.size();
  const fast_float::parse_options options(fast_float::chars_format::general, mark);
  const auto [stop, error] = fast_float::from_chars_advanced(text.data(), end, value, options);
  return error == std::errc() && stop == end;
}

void skip_sign_and_currency(std::string_view& text, bool& negative) {
  if (text.starts_with('-') || text.starts_with('+')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  for (const std::string_view sign : {"$", "€", "£"}) {
    if (text.starts_with(sign)) {
      text.remove_prefix(sign.size());
      return;
    }
  }
}

double take_suffix(std::string_view& text) {
  if (text.empty()) return 1;
  double factor = 1;
  switch (text.back()) {
    case 'k':
    case 'K':
      factor = 1e3;
      break;
    case 'm':
    case 'M':
      factor = 1e6;
      break;
    case 'b':
    case 'B':
      factor = 1e9;
      break;
    default:
      return 1;
  }
  text.remove_suffix(1);
  return factor;
}

// True when `groups` is 1 to 3 digits and then groups of `mark` and three digits.
bool is_grouped(std::string_view groups, char mark) {
  const std::size_t first = std::min(groups.find(mark), groups.size());
  if (first < 1 || first > 3 || (groups.size() - first) % 4 != 0) return false;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const bool at_mark = i >= first && (i - first) % 4 == 0;
    if (at_mark ? groups[i] != mark : !is_digit(groups[i])) return false;
  }
  return true;
}

}  // namespace

Number read_number(std::string_view field, DecimalMark decimal) {
  const char mark = decimal == DecimalMark::point ? '.' : ',';
  double value = 0;
  if (parse(field, value, mark)) return finished(value);

  std::string_view text = trim(field);
  if (is_missing(text)) return {0, NumberState::missing};
  bool negative = false;
  skip_sign_and_currency(text, negative);
  const double factor = take_suffix(text);
  if (text.empty() || text.size() > kNumberBytesMax) return {};
  if (!is_digit(text.front()) && text.front() != '.' && text.front() != ',') {
    return parse(text, value) ? finished(value) : Number{};  // nan and inf
  }
  const char separator = decimal == DecimalMark::point ? ',' : '.';
  const std::size_t mark_at = std::min(text.find(mark), text.size());
  const std::string_view whole = text.substr(0, mark_at);
  if (whole.contains(separator) && !is_grouped(whole, separator)) return {};

  std::array<char, kNumberBytesMax> plain;
  char* out = std::ranges::copy_if(whole, plain.data(), [&](char c) { return c != separator; }).out;
  if (mark_at < text.size()) {
    *out++ = '.';
    out = std::ranges::copy(text.substr(mark_at + 1), out).out;
  }
  const std::string_view digits(plain.data(), static_cast<std::size_t>(out - plain.data()));
  if (!parse(digits, value)) return {};
  value *= factor;
  return finished(negative ? -value : value);
}

MarkEvidence mark_evidence(std::string_view field) {
  std::string_view text = trim(field);
  bool negative = false;
  skip_sign_and_currency(text, negative);
  take_suffix(text);
  const auto is_mark = [](char c) { return c == '.' || c == ','; };
  const auto is_ours = [&](char c) { return is_digit(c) || is_mark(c); };
  if (text.empty() || !std::ranges::all_of(text, is_ours)) return MarkEvidence::none;

  const std::size_t last = text.find_last_of(".,");
  if (last == std::string_view::npos) return MarkEvidence::none;
  const char mark = text[last];
  const auto decided = [](char decimal) {
    return decimal == ',' ? MarkEvidence::comma : MarkEvidence::point;
  };
  const char other = mark == ',' ? '.' : ',';
  if (text.contains(other)) return decided(mark);
  const auto marks = std::ranges::count(text, mark);
  if (!is_grouped(text, mark) || text.starts_with('0')) return decided(mark);
  if (marks > 1) return decided(other);
  return mark == ',' ? MarkEvidence::undecided : MarkEvidence::none;
}

}  // namespace runledger::csv
