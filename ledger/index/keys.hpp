#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include <runledger/base/types.hpp>
#include <runledger/ledger/ledger.hpp>

namespace runledger::ledger {

// How keys are made of texts, times and numbers. Format: ledger/FORMAT.md, "Keys".

// Appends a text of any bytes so that keys sort as the texts do, and so that no text is the
// beginning of another.
void append_text(std::string& key, std::string_view text);
// Takes such a text off the front; nothing when it is malformed.
std::optional<std::string> take_text(std::string_view& key);

// Newer ones sort first.
void append_newest_first(std::string& key, TimeNs recorded_at);
void append_newest_first(std::string& key, Seq seq);

// The smallest key above every key that begins with `prefix`.
std::string end_of_prefix(std::string prefix);

// A set of runs that has index entries and counters of its own: those of a group, of a ticker when
// one is given, of a strategy, of a sweep.
struct Scope {
  RunGroup group = RunGroup::listed;
  std::optional<std::string_view> ticker = {};
  std::optional<std::string_view> strategy = {};
  std::optional<std::string_view> sweep = {};
};
std::string scope_key(const Scope& scope);
// A sweep's runs are not indexed by strategy on top (a sweep has one, as a rule): such a scope is
// read from the entries of the scope without it. Its counters are its own.
Scope indexed_scope(Scope scope);

// What follows the scope in a key of `index` and `retracted`.
struct RunPosition {
  TimeNs recorded_at = 0;
  Seq seq;
  auto operator<=>(const RunPosition&) const = default;
};
inline constexpr std::size_t kRunPositionSize = 16;
void append_position(std::string& key, RunPosition position);
// From the first kRunPositionSize bytes.
RunPosition read_position(std::string_view bytes);

// The first byte of every value of a projection.
inline constexpr char kValueVersion = 1;
// A value that is numbers only: the version, then each as u64.
std::string encode_numbers(std::initializer_list<std::uint64_t> numbers);

}  // namespace runledger::ledger
