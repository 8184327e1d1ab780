#include "keys.hpp"

#include <array>
#include <bit>
#include <limits>

#include <runledger/base/bytes.hpp>
#include <runledger/base/check.hpp>

namespace runledger::ledger {
namespace {

// A zero in a text is followed by 0xff, the end of a text by 0x01.
constexpr char kEscape = '\x00';
constexpr char kEscapedZero = '\xff';
constexpr char kEndOfText = '\x01';

// What callers append to the key of a scope, and its first two bytes.
constexpr std::size_t kLongestKeyAfterScope = 2 + kRunPositionSize + 8;

constexpr std::uint8_t kTickerBit = 1;
constexpr std::uint8_t kStrategyBit = 2;
constexpr std::uint8_t kSweepBit = 4;

// max - time and max - seq: both are their own inverse.
std::uint64_t reversed(TimeNs time) {
  return static_cast<std::uint64_t>(std::numeric_limits<TimeNs>::max()) -
         static_cast<std::uint64_t>(time);
}
std::uint64_t reversed(Seq seq) { return ~seq.value; }

}  // namespace

void append_text(std::string& key, std::string_view text) {
  for (auto zero = text.find(kEscape); zero != text.npos; zero = text.find(kEscape)) {
    key.append(text.substr(0, zero + 1)).push_back(kEscapedZero);
    text.remove_prefix(zero + 1);
  }
  key.append(text);
  key.push_back(kEscape);
  key.push_back(kEndOfText);
}

std::optional<std::string> take_text(std::string_view& key) {
  std::string text;
  for (std::size_t i = 0; i < key.size(); ++i) {
    text.push_back(key[i]);
    if (key[i] != kEscape) continue;
    if (++i == key.size()) return std::nullopt;
    if (key[i] == kEscapedZero) continue;
    if (key[i] != kEndOfText) return std::nullopt;
    key.remove_prefix(i + 1);
    text.pop_back();
    return text;
  }
  return std::nullopt;
}

void append_newest_first(std::string& key, TimeNs recorded_at) {
  append_be64(key, reversed(recorded_at));
}
void append_newest_first(std::string& key, Seq seq) { append_be64(key, reversed(seq)); }

std::string end_of_prefix(std::string prefix) {
  while (!prefix.empty() && prefix.back() == '\xff') prefix.pop_back();
  RL_CHECK(!prefix.empty());
  prefix.back() = static_cast<char>(static_cast<std::uint8_t>(prefix.back()) + 1);
  return prefix;
}

std::string scope_key(const Scope& scope) {
  std::size_t size = kLongestKeyAfterScope;
  for (const auto& text : {scope.sweep, scope.ticker, scope.strategy})
    if (text) size += text->size() + 2;
  std::string key;
  key.reserve(size);
  key.push_back(static_cast<char>(scope.group));
  key.push_back(static_cast<char>((scope.ticker ? kTickerBit : 0) |
                                  (scope.strategy ? kStrategyBit : 0) |
                                  (scope.sweep ? kSweepBit : 0)));
  for (const auto& text : {scope.sweep, scope.ticker, scope.strategy})
    if (text) append_text(key, *text);
  return key;
}

Scope indexed_scope(Scope scope) {
  if (scope.sweep) scope.strategy.reset();
  return scope;
}

void append_position(std::string& key, RunPosition position) {
  append_newest_first(key, position.recorded_at);
  append_newest_first(key, position.seq);
}

RunPosition read_position(std::string_view bytes) {
  const auto seq = Seq(~read_be64(bytes.substr(8)));
  return {static_cast<TimeNs>(static_cast<std::uint64_t>(std::numeric_limits<TimeNs>::max()) -
                              read_be64(bytes)),
          seq};
}

std::string encode_numbers(std::initializer_list<std::uint64_t> numbers) {
  std::string value;
  value.reserve(1 + sizeof(std::uint64_t) * numbers.size());
  value.push_back(kValueVersion);
  for (const std::uint64_t number : numbers) {
    const auto bytes = std::bit_cast<std::array<char, sizeof number>>(number);
    value.append(bytes.data(), bytes.size());
  }
  return value;
}

}  // namespace runledger::ledger
