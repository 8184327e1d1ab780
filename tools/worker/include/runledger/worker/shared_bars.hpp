#pragma once

#include <cstddef>
#include <optional>

#include <runledger/base/result.hpp>
#include <runledger/market/bars.hpp>

namespace runledger::worker {

// Only bars whose label is in first..last, both included.
struct LabelRange {
  TimeNs first, last;
};

// Bars in a sealed memory file, made once and shown to any number of workers in any number of runs.
// Nobody, the maker included, can change it any more.
//
// Threads:   all of it may be used from any thread.
// Ownership: owns the file and a read-only view of it; a worker that has it open keeps it alive.
// Format:    tools/worker/PROTOCOL.md, "The bars".
class SharedBars {
 public:
  // Errors: too_large (more than kSharedBarsMax bars), io (no memory is left).
  static Result<SharedBars> make(Bars bars, std::optional<LabelRange> range = std::nullopt);

  ~SharedBars();
  SharedBars(SharedBars&& other) noexcept;
  SharedBars& operator=(SharedBars&& other) noexcept;

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] Interval interval() const { return interval_; }
  // What the strategy sees; borrows from this.
  [[nodiscard]] BarColumns columns() const;
  // The memory file.
  [[nodiscard]] int fd() const { return fd_; }

 private:
  SharedBars() = default;
  void release();

  int fd_ = -1;
  void* memory_ = nullptr;
  std::size_t size_ = 0;
  Interval interval_;
};

inline constexpr std::size_t kSharedBarsMax = 1u << 28;

}  // namespace runledger::worker
