#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include <sys/types.h>

#include <runledger/base/bytes.hpp>
#include <runledger/base/fd.hpp>
#include <runledger/base/result.hpp>
#include <runledger/worker/worker.hpp>

#include "control.hpp"
#include "output_tail.hpp"
#include "status.hpp"

namespace runledger::worker {

// What is sent, and how long to wait for the answer.
struct Exchange {
  ByteView request{};
  std::uint64_t nonce = 0;
  int bars_fd = -1;                      // or -1
  std::chrono::milliseconds timeout{0};  // 0: for ever
  const std::function<void(std::uint64_t bar)>* progress = nullptr;
  const std::atomic<bool>* cancelled = nullptr;
};

// Why there is no answer, and what the worker left behind.
struct Loss {
  enum class Kind : std::uint8_t {
    ended = 1,    // the worker has ended: see wait_status
    closed,       // it was ended because it had closed its channel
    timed_out,    // likewise because it took too long
    garbled,      // it answered something else
    keeper_lost,  // the process between us and the worker has ended
  };
  Kind kind = Kind::ended;
  std::optional<int> wait_status;
  std::int64_t leftovers = 0;  // processes of its that had to be ended
  WorkerStatus status{};       // a copy
  std::string output;
  std::uint64_t output_dropped = 0;
};

struct Cancelled {};
// The bytes of a well-formed reply to this request, sealed by the worker.
using Answered = std::variant<Bytes, Loss, Cancelled>;

// A keeper and, when started, the worker that it keeps; or a worker under a debugger.
//
// Threads: one at a time.
class Process {
 public:
  // Starts a keeper. Errors: not_found, io.
  static Result<std::unique_ptr<Process>> keep(const WorkerOptions& options);
  // Starts a worker under options.under, for one exchange.
  static Result<std::unique_ptr<Process>> debug(const WorkerOptions& options);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Starts a worker that has done nothing yet, ending the one there was. Errors: io.
  Status start();
  // Whether there is a worker, as far as is known.
  [[nodiscard]] bool started();
  // Whether the keeper is gone: another Process is needed.
  [[nodiscard]] bool lost() const { return lost_; }
  // Ends the worker.
  void stop();

  // Sends a request to the worker that was started and waits for what comes of it. Unless that is a
  // reply, the worker is gone.
  Answered exchange(const Exchange& exchange);
  // What the exchange before this left: the title of its strategy, and the end of what it printed.
  [[nodiscard]] const std::string& strategy_title() const { return title_; }
  [[nodiscard]] std::string output() const { return tail_.text(); }
  [[nodiscard]] std::uint64_t output_dropped() const { return tail_.dropped(); }
  // Waits for the debugger to end.
  void wait_for_debugger();

 private:
  struct Ended {
    int wait_status = 0;
    std::int64_t leftovers = 0;
  };
  Process() = default;
  Status make_channel(Fd& theirs, Fd& status_file);
  std::optional<Ended> take_ended(std::chrono::milliseconds wait);
  std::optional<ControlMessage> take_message(std::chrono::milliseconds wait, Fd& fd);
  void tell_keeper(ControlKind kind, std::uint32_t flags, std::span<const int> fds = {});
  void read_output();
  bool send_some(ByteView frame, std::size_t& sent, int bars_fd);
  // Reads what has come; false when nothing more will.
  bool receive_reply(Bytes& reply) const;
  Loss lose(Loss::Kind kind);
  std::optional<Ended> end_worker(Loss::Kind& kind);
  void kill_worker();
  void ask_where_it_is();
  void forget_worker();

  WorkerOptions options_;
  pid_t child_ = -1;  // the keeper's guard, or the debugger
  Fd control_;        // to the keeper
  Fd output_;         // what the worker prints
  Fd channel_;        // to the worker
  Fd worker_;         // its process
  WorkerStatus* status_ = nullptr;
  OutputTail tail_{kOutputBytesMax};
  std::string title_;
  bool lost_ = false;
};

}  // namespace runledger::worker
