#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

#include <runledger/base/result.hpp>

#include "commit_service.hpp"
#include "layout.hpp"

namespace runledger::ledger {

// Bounds on what connections may cost. A connection that is over a time is closed.
struct ServerLimits {
  std::size_t connections_max = 256;             // then idle ones make room, others wait
  std::size_t buffered_bytes_max = 64u << 20;    // of requests, over all connections
  std::chrono::milliseconds frame_wait{10'000};  // from a request's first byte to its last
  std::chrono::milliseconds reply_wait{10'000};  // until an answer has been taken
  std::chrono::milliseconds pin_wait{30'000};    // from pin to unpin
  std::chrono::milliseconds farewell{1'000};     // for the last answers when closing
};

// Serves a CommitService on the socket in the ledger directory, to processes of our own user.
//
// Threads:   one of its own; no connection makes another one wait.
// Ownership: borrows the service, which must have called every `done` before the server goes.
// Format:    ledger/FORMAT.md, "Locks and socket".
class CommitterServer {
 public:
  static Result<CommitterServer> open(const Layout& layout, CommitService& service,
                                      const ServerLimits& limits = {});
  CommitterServer(CommitterServer&&) noexcept;
  CommitterServer& operator=(CommitterServer&&) noexcept;
  // Sends the answers that are ready, then closes and removes the socket.
  ~CommitterServer();

 private:
  class Loop;
  explicit CommitterServer(std::unique_ptr<Loop> loop);
  std::unique_ptr<Loop> loop_;
};

}  // namespace runledger::ledger
