#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace runledger {

// Gathers what is wrong with a plugin. Each finding is a sentence that begins with its subject.
class Findings {
 public:
  void add(std::string sentence) { sentences_.push_back(std::move(sentence)); }
  [[nodiscard]] std::size_t size() const { return sentences_.size(); }
  [[nodiscard]] bool empty() const { return sentences_.empty(); }
  std::vector<std::string> take() { return std::move(sentences_); }
  void append(Findings other) {
    for (std::string& sentence : other.sentences_) sentences_.push_back(std::move(sentence));
  }

  // The text at `text`; empty, with a finding, unless it is printable UTF-8 of 1 to `bytes_max`
  // bytes. `what` is the subject, e.g. "the doc of strategy 2".
  std::string_view text(const char* text, std::string_view what, std::size_t bytes_max);
  // The same, and it may be empty.
  std::string_view text_or_empty(const char* text, std::string_view what, std::size_t bytes_max);
  // Text that is [a-z][a-z0-9_]*.
  std::string_view name(const char* text, std::string_view what);

  // Whether there can be a struct at `pointer` that holds all of version 1.0's fields.
  template <class Struct>
  bool holds(const Struct* pointer, std::size_t size_min, std::string_view what) {
    if (!plausible(pointer, alignof(Struct), what)) return false;
    return large_enough(pointer->struct_size, size_min, what);
  }
  // Whether there can be an object at `pointer`.
  bool plausible(const void* pointer, std::size_t alignment, std::string_view what);

 private:
  bool large_enough(std::uint32_t size, std::size_t size_min, std::string_view what);

  std::vector<std::string> sentences_;
};

}  // namespace runledger
