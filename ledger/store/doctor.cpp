#include <cerrno>
#include <cstdio>

#include <runledger/ledger/doctor.hpp>

#include "check_head.hpp"
#include "check_log.hpp"
#include "database.hpp"
#include "head.hpp"
#include "inspection.hpp"
#include "lock.hpp"
#include "space.hpp"
#include "standing.hpp"
#include "tree.hpp"

namespace runledger::ledger {
namespace {

LogHead log_head(const HeadRecord& head) { return {head.size, head.root}; }

// The HEAD that the database itself stands for; the caller holds the lock.
Result<HeadRecord> believed_head(const Layout& layout) {
  RL_TRY(const auto database, Database::open(layout.database(), Database::Mode::read_only));
  RL_TRY(const LogState state, read_state(layout, *database));
  RL_TRY(const HeadRecord head, head_for(*database, state));
  Findings findings;
  (void)check_log(*database, {.size = state.size, .head = head, .on_event = {}, .progress = {}},
                  findings);
  if (findings.empty()) return head;
  return fail(ErrorCode::damaged, "No HEAD can be proposed for the ledger " + layout.root.string() +
                                      ", because its log does not fit together by itself: " +
                                      findings.take().front().message + " Restore a backup.");
}

HeadProposal proposal_of(const HeadRecord& head) {
  return {.present = {},
          .proposed = log_head(head),
          .generation = head.generation,
          .newest = head.seq,
          .recorded_at = head.recorded_at};
}

}  // namespace

Result<Condition> examine(const std::filesystem::path& ledger) {
  const Layout layout{ledger};
  RL_TRY_VOID(check_format(layout));
  RL_TRY(const HeadRecord head, HeadFile::read(layout.head()));
  Condition condition;
  condition.format = kFormatVersion;
  condition.head = log_head(head);
  condition.generation = head.generation;
  condition.recorded_at = head.recorded_at;
  RL_TRY(auto waiter, LedgerLock::Waiter::open(layout, LedgerLock::Kind::shared));
  RL_TRY(const auto lock, waiter.attempt());
  if (!lock) condition.writer = lock_holder(layout);
  const DirectoryFiles logs = files_in(layout.database(), ".log");
  const DirectoryFiles tables = files_in(layout.database(), ".sst");
  condition.log_files = logs.count;
  condition.log_bytes = logs.bytes;
  condition.table_files = tables.count;
  condition.table_bytes = tables.bytes;
  RL_TRY(condition.free_bytes, free_bytes(layout));
  return condition;
}

Result<Opening> try_opening(const std::filesystem::path& ledger, const AppendOptions& options) {
  const Layout layout{ledger};
  RL_TRY_VOID(check_format(layout));
  RL_TRY(const HeadRecord before, HeadFile::read(layout.head()));
  Patience patience(options.lock_timeout, options.on_wait,
                    [&layout] { return waiting_sentence(layout); });
  RL_TRY(const Inspection inspection, inspect(layout, patience));
  RL_TRY(const LogState state, read_state(layout, *inspection.database));
  RL_TRY_VOID(check_holds(layout, *inspection.database, state, before));
  if (!inspection.acknowledged || !fit_together(inspection))
    return std::unexpected(
        other_generation(layout, state, inspection.acknowledged.value_or(before)));
  Findings findings;
  Findings notes;
  check_head(inspection, {.size = state.size, .whole = true}, findings, notes);
  if (!findings.empty()) return fail(ErrorCode::damaged, findings.take().front().message);
  Opening opening;
  opening.head.size = state.size;
  RL_TRY(opening.head.root, tree_root(*inspection.database, state.size));
  for (Finding& note : notes.take()) opening.notes.push_back(std::move(note.message));
  return opening;
}

Result<HeadProposal> propose_head(const std::filesystem::path& ledger,
                                  const AppendOptions& options) {
  const Layout layout{ledger};
  RL_TRY_VOID(check_format(layout));
  RL_TRY(const auto lock, take_lock(layout, options));
  RL_TRY(const HeadRecord head, believed_head(layout));
  HeadProposal proposal = proposal_of(head);
  if (const auto present = HeadFile::read(layout.head())) proposal.present = log_head(*present);
  return proposal;
}

Status repair_head(const std::filesystem::path& ledger, const HeadProposal& proposal,
                   const AppendOptions& options) {
  const Layout layout{ledger};
  RL_TRY_VOID(check_format(layout));
  RL_TRY(const auto lock, take_lock(layout, options));
  RL_TRY(const HeadRecord head, believed_head(layout));
  if (head.generation != proposal.generation || head.root != proposal.proposed.root)
    return fail(ErrorCode::conflict, "The ledger " + layout.root.string() +
                                         " has changed since HEAD was proposed. Look at it again.");
  const std::filesystem::path fresh = layout.root / "HEAD.new";
  std::error_code ignored;
  std::filesystem::remove(fresh, ignored);
  RL_TRY_VOID(HeadFile::create(fresh, head));
  if (std::rename(fresh.c_str(), layout.head().c_str()) != 0)
    return std::unexpected(
        file_error(ErrorCode::write_failed, "Cannot replace", layout.head(), errno));
  return sync_path(layout.root);
}

}  // namespace runledger::ledger
