#pragma once

#include <array>
#include <csignal>
#include <cstdint>
#include <optional>
#include <string>

#include <sys/types.h>

#include <runledger/schemas/run_generated.h>

namespace runledger::worker {

// What of a process outlives a run and could change the next one (law 7): floating-point control
// words, threads, locale, working directory, signal mask and handlers, file mode mask, environment,
// timers, open files.
class ProcessState {
 public:
  static ProcessState now();

  // Something that is not as it was.
  struct Change {
    // changed_fp_state or left_threads: the run itself does not count. none: it does, but the
    // process ends.
    schema::FailureReason failure = schema::FailureReason::none;
    std::string what;  // "the strategy changed the locale"
  };
  // The gravest change since this state; nothing when all is as it was. Waits a moment for threads
  // that are about to end.
  [[nodiscard]] std::optional<Change> change_until_now() const;
  // The part of it that costs nothing to ask: whether floating-point control is as it was.
  [[nodiscard]] bool computes_alike() const;

 private:
  std::uint32_t sse_control_ = 0;
  std::uint16_t x87_control_ = 0;
  std::size_t threads_ = 0;
  std::size_t open_files_ = 0;
  std::string locale_;
  std::string directory_;
  sigset_t signal_mask_{};
  std::uint64_t handlers_ = 0;  // a hash
  mode_t file_mask_ = 0;
  std::uint64_t environment_ = 0;  // a hash
  bool timers_ = false;
};

}  // namespace runledger::worker
