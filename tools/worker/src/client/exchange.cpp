// One request and what comes of it.
#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "channel.hpp"
#include "process.hpp"
#include "status_text.hpp"

namespace runledger::worker {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kTick{100};
constexpr milliseconds kEndWait{800};
constexpr milliseconds kAskWait{50};
constexpr std::size_t kReadBytes = 1u << 20;

Bytes make_frame(ByteView request) {
  const FrameHeader header{.size = static_cast<std::uint32_t>(request.size())};
  Bytes frame(sizeof header + request.size());
  std::memcpy(frame.data(), &header, sizeof header);
  std::memcpy(frame.data() + sizeof header, request.data(), request.size());
  return frame;
}

enum class Progressed : std::uint8_t { incomplete, complete, garbled };

// Whether `received` begins with a whole frame; one that is too large is none.
Progressed look_at(const Bytes& received) {
  FrameHeader header;
  if (received.size() < sizeof header) return Progressed::incomplete;
  std::memcpy(&header, received.data(), sizeof header);
  if (header.magic != kFrameMagic || header.size > kReplyBytesMax) return Progressed::garbled;
  const std::size_t whole = sizeof header + header.size;
  if (received.size() < whole) return Progressed::incomplete;
  return received.size() == whole ? Progressed::complete : Progressed::garbled;
}

bool sealed(const WorkerStatus& status, std::uint64_t nonce, ByteView bytes) {
  if (status.sealed_nonce != nonce || sha256(bytes).bytes != status.sealed_digest) return false;
  const schema::WorkerReply* reply = verified_reply(bytes);
  return reply != nullptr && reply->nonce() == nonce && reply->answer() != nullptr;
}

}  // namespace

bool Process::send_some(ByteView frame, std::size_t& sent, int bars_fd) {
  while (sent < frame.size()) {
    // The descriptor goes with the first byte alone: a short write must not send it twice.
    const bool first = sent == 0 && bars_fd >= 0;
    const ByteView part = first ? frame.first(1) : frame.subspan(sent);
    const std::span<const int> fds = first ? std::span(&bars_fd, 1) : std::span<const int>();
    if (first) {
      if (!send_all(channel_.get(), part, fds)) return errno == EAGAIN;
      sent = 1;
      continue;
    }
    const ssize_t size = ::send(channel_.get(), part.data(), part.size(), MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return errno == EAGAIN;
    sent += static_cast<std::size_t>(size);
  }
  return true;
}

bool Process::receive_reply(Bytes& reply) const {
  for (;;) {
    const std::size_t before = reply.size();
    reply.resize(before + kReadBytes);
    const ssize_t size = ::recv(channel_.get(), reply.data() + before, kReadBytes, 0);
    reply.resize(before + static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return errno == EAGAIN;
    if (size == 0) return false;
    if (look_at(reply) != Progressed::incomplete) return true;
  }
}

void Process::ask_where_it_is() {
  if (!worker_) return;
  const std::uint32_t before = status_->asked_count;
  ::syscall(SYS_pidfd_send_signal, worker_.get(), SIGUSR2, nullptr, 0);
  const auto deadline = Clock::now() + kAskWait;
  while (__atomic_load_n(&status_->asked_count, __ATOMIC_ACQUIRE) == before &&
         Clock::now() < deadline) {
    ::poll(nullptr, 0, 1);
    read_output();  // a worker that waits for us to read could not answer
  }
}

void Process::kill_worker() {
  ::syscall(SYS_pidfd_send_signal, worker_.get(), SIGKILL, nullptr, 0);
}

// Waits for the end of the worker, and sees to it.
std::optional<Process::Ended> Process::end_worker(Loss::Kind& kind) {
  if (kind != Loss::Kind::ended) kill_worker();
  auto ended = take_ended(kEndWait);
  if (!ended && !lost_ && kind == Loss::Kind::ended) {
    kind = Loss::Kind::closed;
    kill_worker();
    ended = take_ended(kEndWait);
  }
  if (!ended) {
    if (kind == Loss::Kind::ended) kind = Loss::Kind::keeper_lost;
    lost_ = true;
    ::kill(child_, SIGTERM);  // its guard ends the keeper and what it kept
  }
  return ended;
}

// Ends the worker, if it is alive, and gathers what it left.
Loss Process::lose(Loss::Kind kind) {
  Loss loss;
  loss.kind = kind;
  if (kind == Loss::Kind::timed_out) ask_where_it_is();
  if (worker_) {
    if (const auto ended = end_worker(loss.kind)) {
      loss.wait_status = ended->wait_status;
      loss.leftovers = ended->leftovers;
    }
    read_output();
  }
  std::memcpy(static_cast<void*>(&loss.status), status_, sizeof loss.status);
  loss.output = tail_.text();
  loss.output_dropped = tail_.dropped();
  forget_worker();
  return loss;
}

Answered Process::exchange(const Exchange& exchange) {
  tail_.clear();
  if (output_) read_output();
  tail_.clear();
  const Bytes frame = make_frame(exchange.request);
  const bool limited = exchange.timeout.count() > 0;
  const auto deadline = Clock::now() + exchange.timeout;
  const bool ticks = exchange.progress != nullptr || exchange.cancelled != nullptr;
  std::size_t sent = 0;
  Bytes reply;
  for (bool open = true; open;) {
    const bool writable = sent < frame.size() && send_some(frame, sent, exchange.bars_fd);
    milliseconds wait = ticks ? kTick : milliseconds(-1);
    if (limited) {
      const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
      if (left.count() <= 0) return lose(Loss::Kind::timed_out);
      wait = ticks ? std::min(left, kTick) : left;
    }
    const bool more = writable && sent < frame.size();
    std::array<pollfd, 3> waits{
        {{.fd = channel_.get(),
          .events = static_cast<short>(POLLIN | (more ? POLLOUT : 0)),
          .revents = 0},
         {.fd = output_ ? output_.get() : -1, .events = POLLIN, .revents = 0},
         {.fd = control_ ? control_.get() : -1, .events = POLLIN, .revents = 0}}};
    const int ready = ::poll(waits.data(), waits.size(), static_cast<int>(wait.count()));
    if (exchange.cancelled != nullptr && exchange.cancelled->load()) {
      lose(Loss::Kind::timed_out);
      return Cancelled{};
    }
    if (exchange.progress != nullptr) {
      (*exchange.progress)(status_->progress.bar);
    }
    if (ready <= 0) continue;
    if (waits[1].revents != 0) read_output();
    if (waits[0].revents != 0 || waits[2].revents != 0) {
      open = receive_reply(reply) && waits[2].revents == 0;
    }
    switch (look_at(reply)) {
      case Progressed::incomplete:
        break;
      case Progressed::garbled:
        return lose(Loss::Kind::garbled);
      case Progressed::complete:
        reply.erase(reply.begin(), reply.begin() + sizeof(FrameHeader));
        if (!sealed(*status_, exchange.nonce, reply)) return lose(Loss::Kind::garbled);
        title_ = status_text(status_->strategy);
        return reply;
    }
  }
  return lose(Loss::Kind::ended);
}

}  // namespace runledger::worker
