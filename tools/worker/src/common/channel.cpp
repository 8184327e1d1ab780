#include "channel.hpp"

#include <cerrno>
#include <cstring>

#include <sys/socket.h>

namespace runledger::worker {
namespace {

constexpr std::size_t kControlBytes = CMSG_SPACE(sizeof(int) * kFdsMax);
constexpr flatbuffers::uoffset_t kDepthMax = 16;
constexpr flatbuffers::uoffset_t kTablesMax = 200'000;

template <class T>
const T* verified(ByteView bytes, const char* identifier) {
  flatbuffers::Verifier verifier(bytes.data(), bytes.size(), kDepthMax, kTablesMax);
  if (!verifier.VerifyBuffer<T>(identifier)) return nullptr;
  return flatbuffers::GetRoot<T>(bytes.data());
}

}  // namespace

bool send_all(int socket, ByteView bytes, std::span<const int> fds) {
  alignas(cmsghdr) std::array<char, kControlBytes> control{};
  while (!bytes.empty()) {
    iovec part{.iov_base = const_cast<std::uint8_t*>(bytes.data()), .iov_len = bytes.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (!fds.empty()) {
      message.msg_control = control.data();
      message.msg_controllen = CMSG_SPACE(fds.size_bytes());
      cmsghdr* header = CMSG_FIRSTHDR(&message);
      header->cmsg_level = SOL_SOCKET;
      header->cmsg_type = SCM_RIGHTS;
      header->cmsg_len = CMSG_LEN(fds.size_bytes());
      std::memcpy(CMSG_DATA(header), fds.data(), fds.size_bytes());
    }
    const ssize_t sent = ::sendmsg(socket, &message, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return false;
    fds = {};
    bytes = bytes.subspan(static_cast<std::size_t>(sent));
  }
  return true;
}

std::optional<Received> receive_some(int socket, std::span<std::uint8_t> into) {
  alignas(cmsghdr) std::array<char, kControlBytes> control{};
  iovec part{.iov_base = into.data(), .iov_len = into.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  ssize_t size = 0;
  do {
    size = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  } while (size < 0 && errno == EINTR);
  if (size < 0) return std::nullopt;
  Received received;
  received.size = static_cast<std::size_t>(size);
  std::size_t taken = 0;
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(header) + i * sizeof fd, sizeof fd);
      Fd owned(fd);
      if (taken < kFdsMax) received.fds[taken++] = std::move(owned);
    }
  }
  return received;
}

const schema::WorkerRequest* verified_request(ByteView bytes) {
  return verified<schema::WorkerRequest>(bytes, kRequestIdentifier);
}

const schema::WorkerReply* verified_reply(ByteView bytes) {
  return verified<schema::WorkerReply>(bytes, kReplyIdentifier);
}

}  // namespace runledger::worker
