#include <future>

#include <runledger/base/check.hpp>
#include <runledger/ledger/ledger.hpp>

#include "commit_queue.hpp"
#include "committer_server.hpp"
#include "lock.hpp"

namespace runledger::ledger {

struct Committer::State {
  explicit State(std::unique_ptr<LedgerWriter> writer) : queue(std::move(writer)) {}
  // The queue answers everybody first, so that the server can send the answers before it goes; the
  // ledger is closed and unlocked last.
  ~State() { queue.close(); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  CommitQueue queue;
  std::optional<CommitterServer> server;
};

Committer::Committer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Committer::Committer(Committer&&) noexcept = default;
Committer& Committer::operator=(Committer&&) noexcept = default;
Committer::~Committer() = default;

Result<Committer> Committer::open(const std::filesystem::path& ledger,
                                  const AppendOptions& options) {
  const Layout layout{ledger};
  RL_TRY_VOID(check_format(layout));
  RL_TRY(auto lock, take_lock(layout, options));
  RL_TRY(auto writer, LedgerWriter::open(layout, std::move(lock)));
  auto state = std::make_unique<State>(std::move(writer));
  RL_TRY(state->server, CommitterServer::open(layout, state->queue));
  return Committer(std::move(state));
}

Result<Recorded> Committer::append(std::vector<PendingEvent> events) {
  std::promise<Outcome> promise;
  auto outcome = promise.get_future();
  state_->queue.append(std::move(events),
                       [&promise](Outcome result) { promise.set_value(std::move(result)); });
  Outcome result = outcome.get();
  if (auto* error = std::get_if<Error>(&result)) return std::unexpected(std::move(*error));
  RL_CHECK(std::holds_alternative<Recorded>(result));  // Retry: appended after the destructor began
  return std::get<Recorded>(std::move(result));
}

}  // namespace runledger::ledger
