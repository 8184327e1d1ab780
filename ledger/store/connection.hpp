#pragma once

#include <cstdint>
#include <optional>

#include <runledger/base/bytes.hpp>

#include "commit_service.hpp"
#include "files.hpp"
#include "lock.hpp"
#include "protocol.hpp"

namespace runledger::ledger {

// One client of the committer's server: what it has sent, what it is owed, what it holds.
//
// Threads: the server's only.
class Connection {
 public:
  explicit Connection(Fd fd) : fd_(std::move(fd)), active_(Clock::now()) {}

  [[nodiscard]] int fd() const { return fd_.get(); }
  // Reads at most `size_max` bytes. False when the peer has gone.
  bool receive(std::size_t size_max);
  // The next whole request. An error when what was sent is not one.
  Result<std::optional<Request>> take_request();
  // Queues bytes and sends what can be sent without waiting. False when the peer has gone.
  bool send(const Bytes& bytes);
  bool send_rest();

  [[nodiscard]] bool owes_bytes() const { return sent_ < out_.size(); }
  [[nodiscard]] bool idle() const {
    return !under_way && !pin && received_.empty() && !owes_bytes();
  }
  [[nodiscard]] Clock::time_point active() const { return active_; }
  // What it costs: the part of a request that has arrived.
  [[nodiscard]] std::size_t buffered() const { return received_.size(); }
  // Since when we wait for the rest of a request, or for the peer to take its answer.
  [[nodiscard]] std::optional<Clock::time_point> incomplete_since() const;
  [[nodiscard]] std::optional<Clock::time_point> owing_since() const;

  bool under_way = false;  // a request of it is being served: its next one waits
  std::optional<Pin> pin;
  Clock::time_point pinned_since;

 private:
  Fd fd_;
  Bytes received_, out_;
  std::size_t sent_ = 0;
  Clock::time_point active_, first_byte_, owing_since_;
};

}  // namespace runledger::ledger
