#include "shown_bars.hpp"

#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <runledger/worker/shared_bars.hpp>

#include "bars_layout.hpp"

namespace runledger::worker {

ShownBars::~ShownBars() { release(); }

void ShownBars::release() {
  if (memory_ != nullptr) ::munmap(memory_, size_);
  memory_ = nullptr;
}

std::expected<BarColumns, std::string> ShownBars::show(const Fd& fd, std::uint64_t count,
                                                       std::uint64_t capacity) {
  if (!fd || count > kSharedBarsMax) return std::unexpected("no bars came with the request");
  const BarsLayout layout{count};
  struct stat file{};
  if (capacity != layout.capacity() || ::fstat(fd.get(), &file) != 0 ||
      static_cast<std::uint64_t>(file.st_size) != layout.bytes() ||
      (::fcntl(fd.get(), F_GET_SEALS) & kBarsSeals) != kBarsSeals) {
    return std::unexpected("the bars are not a sealed file of the announced size");
  }
  if (memory_ == nullptr || file.st_dev != device_ || file.st_ino != inode_ ||
      size_ != layout.bytes()) {
    release();
    void* memory =
        ::mmap(nullptr, layout.bytes(), PROT_READ, MAP_SHARED | MAP_POPULATE, fd.get(), 0);
    if (memory == MAP_FAILED) return std::unexpected("there is no memory for the bars");
    memory_ = memory;
    size_ = layout.bytes();
    device_ = file.st_dev;
    inode_ = file.st_ino;
  }
  return columns_of(static_cast<const std::uint8_t*>(memory_), layout);
}

}  // namespace runledger::worker
