#include "client.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace runledger::ledger {
namespace {

constexpr std::size_t kReceiveBytes = 64u << 10;
constexpr std::chrono::milliseconds kWaitSlice{50};

int poll_timeout(const Patience& patience) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(patience.deadline() - Clock::now());
  return static_cast<int>(
      std::clamp(left + std::chrono::milliseconds(1), std::chrono::milliseconds(0), kWaitSlice)
          .count());
}

}  // namespace

std::optional<SocketAddress> socket_address(const Layout& layout) {
  SocketAddress address;
  address.directory = open_fd(layout.root, O_PATH | O_DIRECTORY);
  if (!address.directory) return std::nullopt;
  address.path = "/proc/self/fd/" + std::to_string(address.directory.get()) + "/" +
                 layout.socket().filename().string();
  return address;
}

Result<std::optional<CommitterClient>> CommitterClient::connect(const Layout& layout,
                                                                Patience& patience) {
  const auto address = socket_address(layout);
  if (!address) return std::nullopt;
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return std::nullopt;
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::memcpy(name.sun_path, address->path.c_str(), address->path.size() + 1);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0)
    return std::nullopt;
  CommitterClient client(std::move(fd));
  const auto frame = client.receive_frame(patience);
  if (!frame) return std::nullopt;
  const auto version = decode_hello(*frame);
  if (!version) return std::nullopt;
  if (*version != kProtocolVersion)
    return fail(ErrorCode::unsupported,
                "The ledger " + layout.root.string() + " is held by " + lock_holder(layout) +
                    ", another version of runledger, with which this one cannot talk. Stop it, or "
                    "use the same version.");
  return client;
}

CommitterClient::Answer CommitterClient::ask(const Request& request, Patience& patience) {
  Answer answer;
  const Bytes frame = encode_request(request);
  for (std::size_t done = 0; done < frame.size();) {
    const ssize_t n = ::send(fd_.get(), frame.data() + done, frame.size() - done, MSG_NOSIGNAL);
    if (n >= 0) {
      done += static_cast<std::size_t>(n);
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) return answer;
    if (!wait(POLLOUT, patience)) return answer;
  }
  answer.sent = true;
  if (const auto body = receive_frame(patience)) answer.reply = decode_reply(*body);
  return answer;
}

// False when patience ends.
bool CommitterClient::wait(short events, Patience& patience) const {
  for (;;) {
    pollfd item{fd_.get(), events, 0};
    const int ready = ::poll(&item, 1, poll_timeout(patience));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
    if (patience.over()) return false;
    patience.notice();
  }
}

std::optional<Bytes> CommitterClient::receive_frame(Patience& patience) {
  for (;;) {
    auto frame = take_frame(received_);
    if (!frame) return std::nullopt;
    if (frame->has_value()) return *std::move(frame);
    if (!wait(POLLIN, patience)) return std::nullopt;
    std::array<std::uint8_t, kReceiveBytes> buffer;
    const ssize_t n = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
    if (n == 0) return std::nullopt;
    if (n < 0 && errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK) return std::nullopt;
    if (n > 0) received_.insert(received_.end(), buffer.data(), buffer.data() + n);
  }
}

}  // namespace runledger::ledger
