#include "committer_server.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <mutex>
#include <thread>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "client.hpp"
#include "connection.hpp"

namespace runledger::ledger {
namespace {

constexpr std::chrono::milliseconds kTick{100};
// What any connection may send, however full the buffers are.
constexpr std::size_t kSmallRequestBytes = 64u << 10;

using ConnectionId = std::uint64_t;

// An answer on its way from the service's threads to the server's.
struct Delivery {
  ConnectionId connection = 0;
  Reply reply;
  std::optional<Pin> gained;
};

// Threads: any number put, the server's takes.
class Mailbox {
 public:
  explicit Mailbox(Fd wake) : wake_(std::move(wake)) {}
  void put(Delivery delivery) {
    const std::scoped_lock lock(mutex_);
    deliveries_.push_back(std::move(delivery));
    wake();
  }
  std::vector<Delivery> take() {
    const std::scoped_lock lock(mutex_);
    std::uint64_t count = 0;
    (void)!::read(wake_.get(), &count, sizeof count);
    return std::exchange(deliveries_, {});
  }
  void close() {
    const std::scoped_lock lock(mutex_);
    closing_ = true;
    wake();
  }
  [[nodiscard]] bool closing() const {
    const std::scoped_lock lock(mutex_);
    return closing_;
  }
  [[nodiscard]] int fd() const { return wake_.get(); }

 private:
  void wake() const {
    const std::uint64_t one = 1;
    (void)!::write(wake_.get(), &one, sizeof one);
  }
  Fd wake_;
  mutable std::mutex mutex_;
  std::vector<Delivery> deliveries_;
  bool closing_ = false;
};

Error listen_error(const Layout& layout) {
  return file_error(ErrorCode::write_failed, "Cannot listen on", layout.socket(), errno);
}

Result<Fd> listen_on(const Layout& layout) {
  const auto address = socket_address(layout);
  if (!address) return std::unexpected(listen_error(layout));
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::memcpy(name.sun_path, address->path.c_str(), address->path.size() + 1);
  // The mode of the socket before bind is the mode of the file that bind makes.
  if (!fd || ::fchmod(fd.get(), 0600) != 0) return std::unexpected(listen_error(layout));
  // A committer that was killed leaves its socket; we hold the lock, so nobody listens there.
  if (::unlink(layout.socket().c_str()) != 0 && errno != ENOENT)
    return std::unexpected(listen_error(layout));
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0 ||
      ::listen(fd.get(), SOMAXCONN) != 0)
    return std::unexpected(listen_error(layout));
  return fd;
}

bool is_our_user(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == ::geteuid();
}

}  // namespace

class CommitterServer::Loop {
 public:
  Loop(Layout layout, Fd listener, Fd wake, CommitService& service, const ServerLimits& limits)
      : layout_(std::move(layout)),
        listener_(std::move(listener)),
        service_(service),
        limits_(limits),
        mailbox_(std::make_shared<Mailbox>(std::move(wake))),
        thread_([this] { run(); }) {}
  ~Loop() {
    mailbox_->close();
    thread_.join();
    ::unlink(layout_.socket().c_str());
  }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

 private:
  using Connections = std::map<ConnectionId, Connection>;

  void run();
  void wait();
  void accept_waiting();
  bool make_room();
  void serve_ready();
  void deliver();
  void close_overdue();
  void bid_farewell();
  bool handle_requests(ConnectionId id, Connection& connection);
  bool start(ConnectionId id, Connection& connection, Request request);
  [[nodiscard]] bool may_receive(const Connection& connection) const;
  [[nodiscard]] bool overdue(const Connection& connection, Clock::time_point now) const;
  Connections::iterator drop(Connections::iterator at);

  Layout layout_;
  Fd listener_;
  CommitService& service_;
  ServerLimits limits_;
  std::shared_ptr<Mailbox> mailbox_;
  Connections connections_;
  ConnectionId last_id_ = 0;
  std::size_t buffered_ = 0;  // over all connections
  bool listening_ = true;     // false while there is no room
  std::vector<pollfd> items_;
  std::vector<ConnectionId> item_ids_;  // beside items_, after the first two
  std::thread thread_;                  // last: it uses all above
};

void CommitterServer::Loop::run() {
  while (!mailbox_->closing()) {
    wait();
    deliver();
    serve_ready();
    close_overdue();
    accept_waiting();
  }
  bid_farewell();
}

void CommitterServer::Loop::wait() {
  items_.clear();
  item_ids_.clear();
  items_.push_back({mailbox_->fd(), POLLIN, 0});
  items_.push_back({listening_ ? listener_.get() : -1, POLLIN, 0});
  buffered_ = 0;
  for (const auto& [id, connection] : connections_) buffered_ += connection.buffered();
  for (const auto& [id, connection] : connections_) {
    const int events =
        (may_receive(connection) ? POLLIN : 0) | (connection.owes_bytes() ? POLLOUT : 0);
    items_.push_back({connection.fd(), static_cast<short>(events), 0});
    item_ids_.push_back(id);
  }
  const bool timed = !listening_ || std::ranges::any_of(connections_, [](const auto& item) {
    return !item.second.idle();
  });
  if (::poll(items_.data(), items_.size(), timed ? static_cast<int>(kTick.count()) : -1) < 0)
    for (pollfd& item : items_) item.revents = 0;
  listening_ = true;
}

bool CommitterServer::Loop::may_receive(const Connection& connection) const {
  return !connection.under_way &&
         (connection.buffered() < kSmallRequestBytes || buffered_ < limits_.buffered_bytes_max);
}

void CommitterServer::Loop::serve_ready() {
  for (std::size_t i = 0; i < item_ids_.size(); ++i) {
    const short ready = items_[i + 2].revents;
    const auto at = connections_.find(item_ids_[i]);
    if (ready == 0 || at == connections_.end()) continue;
    Connection& connection = at->second;
    bool alive = (ready & POLLIN) != 0 || (ready & (POLLHUP | POLLERR | POLLNVAL)) == 0;
    if (alive && (ready & POLLOUT) != 0) alive = connection.send_rest();
    if (alive && (ready & POLLIN) != 0)
      alive = connection.receive(kSmallRequestBytes) && handle_requests(at->first, connection);
    if (!alive) drop(at);
  }
}

bool CommitterServer::Loop::handle_requests(ConnectionId id, Connection& connection) {
  while (!connection.under_way) {
    auto request = connection.take_request();
    if (!request) return false;
    if (!request->has_value()) return true;
    if (!start(id, connection, **std::move(request))) return false;
  }
  return true;
}

bool CommitterServer::Loop::start(ConnectionId id, Connection& connection, Request request) {
  connection.under_way = true;
  switch (request.kind) {
    case RequestKind::append:
      service_.append(std::move(request.events), [id, mailbox = mailbox_](Outcome outcome) {
        mailbox->put({id, std::move(outcome), std::nullopt});
      });
      return true;
    case RequestKind::pin:
      if (connection.pin) return false;
      service_.pin([id, mailbox = mailbox_](const Result<Pin>& pin) {
        if (pin)
          mailbox->put({id, Recorded{}, *pin});
        else
          mailbox->put({id, pin.error(), std::nullopt});
      });
      return true;
    case RequestKind::unpin:
      if (!connection.pin) return false;
      service_.unpin(*std::exchange(connection.pin, std::nullopt), [id, mailbox = mailbox_](
                                                                       const Status& held) {
        mailbox->put({id, held ? Reply(Recorded{}) : Reply(held.error()), std::nullopt});
      });
      return true;
  }
  return false;
}

void CommitterServer::Loop::deliver() {
  for (Delivery& delivery : mailbox_->take()) {
    const auto at = connections_.find(delivery.connection);
    if (at == connections_.end()) {
      if (delivery.gained) service_.unpin(*delivery.gained, [](const Status&) {});
      continue;
    }
    Connection& connection = at->second;
    connection.under_way = false;
    if (delivery.gained) {
      connection.pin = delivery.gained;
      connection.pinned_since = Clock::now();
    }
    if (!connection.send(encode_reply(delivery.reply)) || !handle_requests(at->first, connection))
      drop(at);
  }
}

bool CommitterServer::Loop::overdue(const Connection& connection, Clock::time_point now) const {
  const auto incomplete = connection.incomplete_since();
  const auto owing = connection.owing_since();
  return (incomplete && now - *incomplete > limits_.frame_wait) ||
         (owing && now - *owing > limits_.reply_wait) ||
         (connection.pin && now - connection.pinned_since > limits_.pin_wait);
}

void CommitterServer::Loop::close_overdue() {
  const auto now = Clock::now();
  for (auto at = connections_.begin(); at != connections_.end();)
    at = overdue(at->second, now) ? drop(at) : std::next(at);
}

CommitterServer::Loop::Connections::iterator CommitterServer::Loop::drop(Connections::iterator at) {
  if (at->second.pin) service_.unpin(*at->second.pin, [](const Status&) {});
  return connections_.erase(at);
}

// True when another connection fits, after closing the one that has been idle longest.
bool CommitterServer::Loop::make_room() {
  if (connections_.size() < limits_.connections_max) return true;
  auto oldest = connections_.end();
  for (auto at = connections_.begin(); at != connections_.end(); ++at) {
    if (!at->second.idle()) continue;
    if (oldest == connections_.end() || at->second.active() < oldest->second.active()) oldest = at;
  }
  if (oldest == connections_.end()) return false;
  drop(oldest);
  return true;
}

void CommitterServer::Loop::accept_waiting() {
  if (items_[1].revents == 0) return;
  listening_ = make_room();
  if (!listening_) return;
  Fd fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!fd) {
    // Out of descriptors: try again after a tick instead of spinning.
    listening_ = errno == EAGAIN || errno == EINTR || errno == ECONNABORTED;
    return;
  }
  if (!is_our_user(fd.get())) return;
  const auto [at, inserted] = connections_.try_emplace(++last_id_, std::move(fd));
  if (!at->second.send(encode_hello())) drop(at);
}

// The service has answered everything; what is left is to let the peers take it.
void CommitterServer::Loop::bid_farewell() {
  const auto deadline = Clock::now() + limits_.farewell;
  listener_.reset();
  deliver();
  for (;;) {
    items_.clear();
    for (const auto& [id, connection] : connections_)
      if (connection.owes_bytes()) items_.push_back({connection.fd(), POLLOUT, 0});
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    if (items_.empty() || left.count() <= 0) break;
    (void)::poll(items_.data(), items_.size(), static_cast<int>(left.count()));
    for (auto at = connections_.begin(); at != connections_.end();)
      at = at->second.send_rest() ? std::next(at) : drop(at);
  }
  connections_.clear();
}

CommitterServer::CommitterServer(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}
CommitterServer::CommitterServer(CommitterServer&&) noexcept = default;
CommitterServer& CommitterServer::operator=(CommitterServer&&) noexcept = default;
CommitterServer::~CommitterServer() = default;

Result<CommitterServer> CommitterServer::open(const Layout& layout, CommitService& service,
                                              const ServerLimits& limits) {
  RL_TRY(Fd listener, listen_on(layout));
  Fd wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wake) return std::unexpected(listen_error(layout));
  return CommitterServer(
      std::make_unique<Loop>(layout, std::move(listener), std::move(wake), service, limits));
}

}  // namespace runledger::ledger
