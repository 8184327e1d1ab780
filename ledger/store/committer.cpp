#include <future>
#include <mutex>

#include <runledger/base/check.hpp>
#include <runledger/ledger/ledger.hpp>

#include "client.hpp"
#include "commit_queue.hpp"
#include "committer_server.hpp"
#include "lock.hpp"

namespace runledger::ledger {
namespace {

// The ledger, held for writing.
class Held {
 public:
  // Nothing while another process holds it.
  static Result<std::unique_ptr<Held>> open_if_free(const Layout& layout,
                                                    LedgerLock::Waiter& waiter) {
    RL_TRY(auto lock, waiter.attempt());
    if (!lock) return nullptr;
    RL_TRY(auto writer, LedgerWriter::open(layout, *std::move(lock)));
    auto held = std::make_unique<Held>(std::move(writer));
    RL_TRY(held->server_, CommitterServer::open(layout, held->queue_));
    return held;
  }
  explicit Held(std::unique_ptr<LedgerWriter> writer) : queue_(std::move(writer)) {}
  // The queue answers everybody first, so that the server can send the answers before it goes; the
  // ledger is closed and unlocked last.
  ~Held() { queue_.close(); }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

  Result<Recorded> append(std::vector<PendingEvent> events) {
    std::promise<Outcome> promise;
    auto future = promise.get_future();
    queue_.append(std::move(events),
                  [&promise](Outcome result) { promise.set_value(std::move(result)); });
    Outcome outcome = future.get();
    if (auto* error = std::get_if<Error>(&outcome)) return std::unexpected(std::move(*error));
    RL_CHECK(std::holds_alternative<Recorded>(outcome));  // Retry: used while it is destroyed
    return std::get<Recorded>(std::move(outcome));
  }

 private:
  CommitQueue queue_;
  std::optional<CommitterServer> server_;
};

}  // namespace

// Appends go through the committer of another process while there is one; when it has gone, we
// become it.
struct Committer::State {
  State(Layout its_layout, AppendOptions its_options)
      : layout(std::move(its_layout)), options(std::move(its_options)) {}

  // Ours, if we hold the ledger or can hold it now.
  Result<Held*> hold_if_free() {
    const std::scoped_lock lock(mutex);
    if (held) return held.get();
    RL_TRY(auto waiter, LedgerLock::Waiter::open(layout, LedgerLock::Kind::exclusive));
    RL_TRY(held, Held::open_if_free(layout, waiter));
    return held.get();
  }

  Layout layout;
  AppendOptions options;
  std::mutex mutex;
  std::unique_ptr<Held> held;
};

Committer::Committer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Committer::Committer(Committer&&) noexcept = default;
Committer& Committer::operator=(Committer&&) noexcept = default;
Committer::~Committer() = default;

Result<Committer> Committer::open(const std::filesystem::path& ledger,
                                  const AppendOptions& options) {
  const Layout layout{ledger};
  RL_TRY_VOID(check_format(layout));
  Patience patience(options.lock_timeout, options.on_wait,
                    [&layout] { return waiting_sentence(layout); });
  auto state = std::make_unique<State>(layout, options);
  // One waiter for all attempts: it keeps its place before those who come later.
  RL_TRY(auto waiter, LedgerLock::Waiter::open(layout, LedgerLock::Kind::exclusive));
  for (;;) {
    RL_TRY(state->held, Held::open_if_free(layout, waiter));
    if (state->held) return Committer(std::move(state));
    RL_TRY(const auto other, CommitterClient::connect(layout, patience));
    if (other) return Committer(std::move(state));
    if (patience.over()) return std::unexpected(locked_error(layout, patience.timeout()));
    patience.pause();
  }
}

Result<Recorded> Committer::append(std::vector<PendingEvent> events) {
  RL_TRY(auto* held, state_->hold_if_free());
  if (held != nullptr) return held->append(std::move(events));
  return ledger::append(state_->layout.root, std::move(events), state_->options);
}

}  // namespace runledger::ledger
