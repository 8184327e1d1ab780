#pragma once

#include <cstdint>
#include <expected>
#include <string>

#include <sys/types.h>

#include <runledger/base/fd.hpp>
#include <runledger/market/bars.hpp>

namespace runledger::worker {

// A read-only view of the bars that a client shares; kept, since the next run is likely to want the
// same.
class ShownBars {
 public:
  ShownBars() = default;
  ~ShownBars();
  ShownBars(const ShownBars&) = delete;
  ShownBars& operator=(const ShownBars&) = delete;

  // The columns in the memory file `fd`, which must be sealed and as large as `count` bars need; a
  // sentence otherwise. They stay until the next call.
  std::expected<BarColumns, std::string> show(const Fd& fd, std::uint64_t count,
                                              std::uint64_t capacity);

 private:
  void release();

  void* memory_ = nullptr;
  std::size_t size_ = 0;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace runledger::worker
