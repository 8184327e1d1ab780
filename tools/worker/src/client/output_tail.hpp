#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace runledger::worker {

// The last `capacity` bytes of a stream that may be endless.
class OutputTail {
 public:
  explicit OutputTail(std::size_t capacity) : capacity_(capacity) {}

  void append(std::string_view bytes);
  void clear();
  // Whole lines if the start was dropped; what is not printable ASCII is a question mark.
  [[nodiscard]] std::string text() const;
  // Bytes before text().
  [[nodiscard]] std::uint64_t dropped() const { return total_ - text().size(); }

 private:
  std::size_t capacity_;
  std::string kept_;  // at most twice the capacity
  std::uint64_t total_ = 0;
};

}  // namespace runledger::worker
