#include "connection.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <sys/socket.h>

namespace runledger::ledger {
namespace {

constexpr std::size_t kReceiveBytes = 64u << 10;

}  // namespace

bool Connection::receive(std::size_t size_max) {
  std::array<std::uint8_t, kReceiveBytes> buffer;
  const ssize_t n =
      ::recv(fd_.get(), buffer.data(), std::min(size_max, buffer.size()), MSG_DONTWAIT);
  if (n == 0) return false;
  if (n < 0) return errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK;
  active_ = Clock::now();
  if (received_.empty()) first_byte_ = active_;
  received_.insert(received_.end(), buffer.data(), buffer.data() + n);
  return true;
}

Result<std::optional<Request>> Connection::take_request() {
  RL_TRY(const auto body, take_frame(received_));
  if (!body) return std::nullopt;
  first_byte_ = active_;
  if (received_.empty()) received_.shrink_to_fit();
  auto request = decode_request(*body);
  if (!request) return fail(ErrorCode::invalid_input, "The request is malformed.");
  return request;
}

bool Connection::send(const Bytes& bytes) {
  if (!owes_bytes()) {
    out_.clear();
    sent_ = 0;
    owing_since_ = Clock::now();
  }
  out_.insert(out_.end(), bytes.begin(), bytes.end());
  return send_rest();
}

bool Connection::send_rest() {
  while (owes_bytes()) {
    const ssize_t n =
        ::send(fd_.get(), out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
    sent_ += static_cast<std::size_t>(n);
    active_ = owing_since_ = Clock::now();
  }
  return true;
}

std::optional<Clock::time_point> Connection::incomplete_since() const {
  if (received_.empty() || under_way) return std::nullopt;
  return first_byte_;
}

std::optional<Clock::time_point> Connection::owing_since() const {
  if (!owes_bytes()) return std::nullopt;
  return owing_since_;
}

}  // namespace runledger::ledger
