#include "writer.hpp"

#include <runledger/base/time.hpp>

#include "commit_group.hpp"
#include "fault_point.hpp"
#include "projection.hpp"
#include "rebuild.hpp"
#include "space.hpp"
#include "standing.hpp"

namespace runledger::ledger {
namespace {

// A log longer than this is moved into tables at close, so that the next opening is short, ...
constexpr std::uint64_t kLogBytesAtClose = 4u << 20;
// ... and before a reader opens, which replays it.
constexpr std::uint64_t kLogBytesAtPin = 8u << 20;
// Every opening leaves a log file behind; so many are moved into tables, and the tables merged.
constexpr std::uint64_t kLogFilesMax = 64;
// Changed projections are written in batches of so many bytes.
constexpr std::size_t kRebuildBatchBytes = 1u << 20;
// Counters that the groups before have written are kept for the next one up to so many bytes.
constexpr std::size_t kCountersBytesMax = 4u << 20;

std::uint64_t bytes_in(const Changes& changes) {
  std::uint64_t bytes = 0;
  for (const Change& change : changes)
    bytes += change.key.size() + (change.value ? change.value->size() : 0);
  return bytes;
}

}  // namespace

Result<std::unique_ptr<LedgerWriter>> LedgerWriter::open(const Layout& layout, LedgerLock lock) {
  std::unique_ptr<LedgerWriter> writer(new LedgerWriter(layout, std::move(lock)));
  RL_TRY_VOID(writer->ensure_open());
  return writer;
}

LedgerWriter::~LedgerWriter() { close_database(); }

void LedgerWriter::close_database() {
  // A flush that fails leaves everything in the log.
  if (database_ && !database_->failed() && log_bytes_ > kLogBytesAtClose) (void)flush();
  counters_.reset();
  database_.reset();
  head_.reset();
  full_.reset();
  log_bytes_ = 0;
}

Status LedgerWriter::ensure_open() {
  const bool open = database_ && !database_->failed();
  if (open && !full_) return {};
  if (open) {
    const Status space = check_space(layout_);
    if (!space) {
      full_ = space.error();
      return {};
    }
  }
  close_database();
  auto opened = open_database();
  if (!opened) close_database();
  return opened;
}

Status LedgerWriter::open_database() {
  RL_TRY_VOID(check_format(layout_));
  RL_TRY(head_, HeadFile::open(layout_.head()));
  RL_TRY(auto preflight, Database::open(layout_.database(), Database::Mode::read_only));
  RL_TRY(const Standing seen, check_standing(layout_, *preflight, head_->record()));
  ++opening_;
  if (const Status space = check_space(layout_); !space) {
    full_ = space.error();
    state_ = seen.state;
    database_ = std::move(preflight);
    counters_.emplace(database_.get());
    (void)head_->settle();  // nothing is built on it
    return {};
  }
  preflight.reset();
  const DirectoryFiles logs = files_in(layout_.database(), ".log");
  log_bytes_ = logs.bytes;
  RL_TRY(database_, Database::open(layout_.database(), Database::Mode::read_write));
  counters_.emplace(database_.get());
  RL_TRY(const Standing standing, check_standing(layout_, *database_, head_->record()));
  state_ = standing.state;
  RL_TRY(tree_, Tree::load(*database_, state_.size));
  RL_TRY_VOID(standing.ahead ? complete_group(standing.head) : head_->settle());
  if (logs.count >= kLogFilesMax) RL_TRY_VOID(flush());
  if (state_.projections != kProjectionVersion) RL_TRY_VOID(rebuild_projections(nullptr));
  return {};
}

Status LedgerWriter::writable() const {
  if (full_) return std::unexpected(*full_);
  return {};
}

// What is beyond HEAD may never have reached the disk: after a failed sync it only looks written.
// So it is written again, into tables, before HEAD says that it is there.
Status LedgerWriter::complete_group(const HeadRecord& head) {
  RL_TRY_VOID(flush());
  return head_->advance(head);
}

Status LedgerWriter::flush() {
  RL_TRY_VOID(database_->flush());
  log_bytes_ = 0;
  return {};
}

std::vector<Result<Recorded>> LedgerWriter::commit(
    std::span<const std::vector<PendingEvent>> appends) {
  const Status ready = ensure_open();
  if (!ready) return {appends.size(), std::unexpected(ready.error())};
  const Status space = full_ ? writable() : check_space(layout_);

  CommitGroup group(*database_, *counters_, state_, tree_, wall_clock_now());
  std::vector<Result<Recorded>> results;
  results.reserve(appends.size());
  for (const auto& events : appends)
    results.push_back(space ? group.add(events) : recall(group, events, space.error()));
  if (group.empty()) return results;

  const auto [changes, state, head] = group.finish();
  const Status written = write_group(changes, head);
  if (written) {
    state_ = state;
    counters_->absorb(group.counters());
    if (counters_->bytes() > kCountersBytesMax) counters_->clear();
    log_bytes_ += bytes_in(changes);
    fault_point("after HEAD");
    return results;
  }
  close_database();
  bool after_lost = false;
  for (std::size_t i = 0; i < appends.size(); ++i) {
    auto& result = results[i];
    const bool lost = result && group.holds(*result);
    after_lost = after_lost || lost;
    // A refusal may rest on events that are lost with the group, unless the events alone are wrong.
    if (lost || (!result && after_lost && check_append(appends[i])))
      result = std::unexpected(written.error());
  }
  return results;
}

// What is recorded already is answered even when nothing new can be recorded.
Result<Recorded> LedgerWriter::recall(const CommitGroup& group,
                                      std::span<const PendingEvent> events,
                                      const Error& refusal) const {
  if (state_.projections != kProjectionVersion) return std::unexpected(refusal);
  RL_TRY(auto known, group.recall(events));
  if (!known) return std::unexpected(refusal);
  if (size_after(known->seqs.back()) <= head_->record().size) return *std::move(known);
  return fail(ErrorCode::unknown,
              "The events were written before the disk of the ledger " + layout_.root.string() +
                  " was full, and nobody has seen to it that they stay. Free some space, and ask "
                  "again with the same request id.");
}

Status LedgerWriter::write_group(const Changes& changes, const HeadRecord& head) {
  fault_point("before the log");
  RL_TRY_VOID(database_->write(changes));
  fault_point("after the log");
  return head_->advance(head);
}

Result<Pin> LedgerWriter::hold_files() {
  RL_TRY_VOID(ensure_open());
  if (full_) return Pin{opening_};  // nothing is deleted by a database that is read-only
  if (log_bytes_ > kLogBytesAtPin) RL_TRY_VOID(flush());
  RL_TRY_VOID(database_->hold_files());
  return Pin{opening_};
}

Status LedgerWriter::release_files(Pin pin) {
  if (!database_ || pin.opening != opening_)
    return fail(ErrorCode::io, "The database of " + layout_.root.string() +
                                   " was opened again while its files were held.");
  if (full_) return {};
  return database_->release_files();
}

Result<Reindexed> LedgerWriter::rebuild_projections(const ProgressFn& progress) {
  RL_TRY(const auto rebuilt, RebuiltProjections::build(*database_, state_.size, progress));
  counters_->clear();
  const auto write_state = [this](std::uint32_t version) {
    state_.projections = version;
    return database_->write({{Family::meta, std::string(kStateKey), encode_state(state_)}});
  };
  Changes batch;
  std::size_t batch_bytes = 0;
  bool marked = false;
  const auto write_batch = [&]() -> Status {
    if (!std::exchange(marked, true)) RL_TRY_VOID(write_state(0));
    fault_point("reindex");
    batch_bytes = 0;
    return database_->write(std::exchange(batch, {}));
  };
  RL_TRY(Reindexed reindexed,
         compare_projections(*database_, rebuilt->view(), [&](Change change) -> Status {
           batch_bytes += change.key.size() + (change.value ? change.value->size() : 0);
           batch.push_back(std::move(change));
           return batch_bytes < kRebuildBatchBytes ? Status() : write_batch();
         }));
  reindexed.events = state_.size.value;
  if (!batch.empty()) RL_TRY_VOID(write_batch());
  if (state_.projections != kProjectionVersion) RL_TRY_VOID(write_state(kProjectionVersion));
  return reindexed;
}

}  // namespace runledger::ledger
