#include "frozen.hpp"

#include "client.hpp"
#include "projection.hpp"
#include "tree.hpp"
#include "writer.hpp"

namespace runledger::ledger {
namespace {

using MaybeDatabase = std::optional<std::unique_ptr<Database>>;

// Nothing when the committer went away, or cannot hold the files now.
Result<MaybeDatabase> open_through(CommitterClient& committer, const Layout& layout,
                                   Patience& patience) {
  const auto granted = [&](RequestKind kind) {
    const auto answer = committer.ask({kind, {}}, patience);
    return answer.reply && std::holds_alternative<Recorded>(*answer.reply);
  };
  if (!granted(RequestKind::pin)) return std::nullopt;
  auto database = Database::open(layout.database(), Database::Mode::read_only);
  // Whatever was opened, also an error, counts only if the files were held all the time.
  if (!granted(RequestKind::unpin)) return std::nullopt;
  if (!database) return std::unexpected(database.error());
  return *std::move(database);
}

// Nothing while a writer holds the lock.
Result<MaybeDatabase> open_under(LedgerLock::Waiter& waiter, const Layout& layout) {
  RL_TRY(const auto lock, waiter.attempt());
  if (!lock) return std::nullopt;
  auto database = Database::open(layout.database(), Database::Mode::read_only);
  if (!lock->kept_writers_out()) return std::nullopt;
  if (!database) return std::unexpected(database.error());
  return *std::move(database);
}

}  // namespace

Result<std::unique_ptr<Database>> open_pinned(const Layout& layout, Patience& patience) {
  RL_TRY(auto waiter, LedgerLock::Waiter::open(layout, LedgerLock::Kind::shared));
  for (;;) {
    RL_TRY(auto committer, CommitterClient::connect(layout, patience));
    RL_TRY(MaybeDatabase database,
           committer ? open_through(*committer, layout, patience) : open_under(waiter, layout));
    if (database) return *std::move(database);
    if (patience.over()) return std::unexpected(locked_error(layout, patience.timeout()));
    patience.pause();
  }
}

namespace {

enum class Unfinished : std::uint8_t { completed_or_busy, cannot_be_written };

// Becomes the committer if nobody is, which completes what a committer left unfinished.
Result<Unfinished> complete_unfinished(const Layout& layout) {
  auto waiter = LedgerLock::Waiter::open(layout, LedgerLock::Kind::exclusive);
  if (!waiter) return Unfinished::cannot_be_written;
  RL_TRY(auto lock, waiter->attempt());
  if (!lock) return Unfinished::completed_or_busy;
  auto writer = LedgerWriter::open(layout, *std::move(lock));
  const Status status = writer ? (*writer)->writable() : std::unexpected(writer.error());
  if (status) return Unfinished::completed_or_busy;
  if (status.error().code == ErrorCode::write_failed) return Unfinished::cannot_be_written;
  return std::unexpected(status.error());
}

}  // namespace

Status FrozenLedger::settle(LogSize size, bool projections_match) {
  head_.size = size;
  RL_TRY(head_.root, tree_root(*database_, size));
  if (projections_match) return {};
  RL_TRY(rebuilt_, RebuiltProjections::build(*database_, size, nullptr));
  return {};
}

Result<FrozenLedger> FrozenLedger::open(const Layout& layout, Patience& patience) {
  for (;;) {
    RL_TRY_VOID(check_format(layout));
    // Read before the database is opened: whatever HEAD says now, the database must hold.
    RL_TRY(const HeadRecord before, HeadFile::read(layout.head()));
    RL_TRY(auto database, open_pinned(layout, patience));
    RL_TRY(const LogState state, read_state(layout, *database));
    RL_TRY_VOID(check_holds(layout, *database, state, before));
    FrozenLedger ledger(std::move(database));
    for (;;) {
      RL_TRY(const HeadRecord head, HeadFile::read(layout.head()));
      const bool acknowledged = head.generation >= state.generation;
      const bool current = state.projections == kProjectionVersion;
      if (!acknowledged && head.generation + 1 != state.generation)
        return std::unexpected(other_generation(layout, state, head));
      if (acknowledged && current) {
        RL_TRY_VOID(ledger.settle(state.size, true));
        return ledger;
      }
      RL_TRY(const Unfinished unfinished, complete_unfinished(layout));
      if (unfinished == Unfinished::cannot_be_written) {
        RL_TRY_VOID(ledger.settle(acknowledged ? state.size : head.size, false));
        return ledger;
      }
      if (patience.over()) return std::unexpected(locked_error(layout, patience.timeout()));
      patience.pause();
      // Rebuilt projections are seen by opening again; HEAD by looking again.
      if (!current) break;
    }
  }
}

}  // namespace runledger::ledger
