#pragma once

#include <string>
#include <string_view>

namespace runledger::cli {

// Buffered writing to a file descriptor that stays out of the way when its reader has gone.
//
// After the first failure everything further is dropped.
class Output {
 public:
  enum class State { open, reader_gone, failed };

  explicit Output(int descriptor) : descriptor_(descriptor) {}

  void write(std::string_view text);
  State flush();
  [[nodiscard]] State state() const { return state_; }
  // Why writing failed, e.g. `No space left on device`.
  [[nodiscard]] std::string reason() const;

 private:
  int descriptor_;
  State state_ = State::open;
  int error_ = 0;
  std::string buffer_;
};

}  // namespace runledger::cli
