#pragma once

#include <optional>

#include "lock.hpp"
#include "protocol.hpp"

namespace runledger::ledger {

// A connection to the committer of a ledger, from another process or the same.
//
// Threads: one at a time.
class CommitterClient {
 public:
  // Connected and greeted, or nothing when no committer answers (or patience ends).
  // Error: unsupported = the committer speaks another version of the protocol.
  static Result<std::optional<CommitterClient>> connect(const Layout& layout, Patience& patience);

  struct Answer {
    std::optional<Reply> reply;  // nothing: the committer has gone, or patience ended
    bool sent = false;           // the request was handed over whole
  };
  Answer ask(const Request& request, Patience& patience);

 private:
  explicit CommitterClient(Fd fd) : fd_(std::move(fd)) {}
  std::optional<Bytes> receive_frame(Patience& patience);
  bool wait(short events, Patience& patience) const;

  Fd fd_;
  Bytes received_;
};

// A socket address for the committer's socket, short whatever the length of the ledger's path:
// it goes through /proc/self/fd. Keep `directory` open while it is used.
struct SocketAddress {
  Fd directory;
  std::string path;
};
std::optional<SocketAddress> socket_address(const Layout& layout);

}  // namespace runledger::ledger
