#include "high_fd.hpp"

#include <cstdint>
#include <utility>

#include <fcntl.h>
#include <sys/random.h>

namespace runledger::worker {

Fd to_high_fd(Fd fd) {
  // Below 1024, the soft limit of most systems.
  constexpr unsigned kLowest = 300;
  constexpr unsigned kSpan = 700;
  std::uint16_t chance = 0;
  [[maybe_unused]] const ssize_t size = ::getrandom(&chance, sizeof chance, 0);
  Fd high(::fcntl(fd.get(), F_DUPFD_CLOEXEC, static_cast<int>(kLowest + chance % kSpan)));
  return high ? std::move(high) : std::move(fd);
}

}  // namespace runledger::worker
