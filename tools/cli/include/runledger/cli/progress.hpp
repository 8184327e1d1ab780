#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace runledger::cli {

// A progress line with rate and remaining time, for a terminal's last line.
//
// Nothing is shown in the first second, nor more often than ten times a second. The caller gives
// the time and prints what it gets: text that starts by clearing the line.
class ProgressBar {
 public:
  using Clock = std::chrono::steady_clock;

  ProgressBar(Clock::time_point start, std::size_t width, bool utf8);

  // The line to print now, if any. `total` is 0 while it is not known.
  std::optional<std::string> update(Clock::time_point now, std::uint64_t done, std::uint64_t total,
                                    std::string_view what);
  // What removes the line again; empty when none is shown.
  std::string clear();

 private:
  Clock::time_point start_;
  std::size_t width_;
  bool utf8_;
  std::optional<Clock::time_point> shown_;
  bool visible_ = false;
};

}  // namespace runledger::cli
