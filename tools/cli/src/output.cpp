#include <cerrno>

#include <poll.h>
#include <unistd.h>

#include <runledger/base/errno_text.hpp>
#include <runledger/cli/output.hpp>

namespace runledger::cli {
namespace {

constexpr std::size_t kBufferBytes = 1U << 16U;

}  // namespace

void Output::write(std::string_view text) {
  if (state_ != State::open) return;
  buffer_ += text;
  if (buffer_.size() >= kBufferBytes) flush();
}

Output::State Output::flush() {
  std::string_view rest = buffer_;
  while (state_ == State::open && !rest.empty()) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      pollfd ready{descriptor_, POLLOUT, 0};
      ::poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      error_ = errno;
      state_ = error_ == EPIPE ? State::reader_gone : State::failed;
    }
  }
  buffer_.clear();
  return state_;
}

std::string Output::reason() const { return errno_text(error_); }

}  // namespace runledger::cli
