#include <algorithm>
#include <array>
#include <map>

#include <runledger/ledger/ledger.hpp>

#include "check_blobs.hpp"
#include "check_directory.hpp"
#include "check_head.hpp"
#include "check_log.hpp"
#include "check_references.hpp"
#include "event.hpp"
#include "frozen.hpp"
#include "inspection.hpp"
#include "projection.hpp"
#include "rebuild.hpp"
#include "standing.hpp"
#include "tree.hpp"

namespace runledger::ledger {
namespace {

constexpr std::chrono::milliseconds kVerifyPatience{60'000};

bool is_damage(const Error& error) {
  return error.code == ErrorCode::damaged || error.code == ErrorCode::rolled_back;
}

// Errors that others meet tell them to do what is being done here.
std::string without_advice_to_verify(std::string message) {
  constexpr std::array<std::string_view, 2> kAdvice{
      "Run `runledger verify` to see what is affected, and restore",
      "Run `runledger verify`, and restore"};
  for (const std::string_view advice : kAdvice)
    if (const auto at = message.find(advice); at != std::string::npos)
      message.replace(at, advice.size(), "Restore");
  return message;
}

std::string family_title(Family family) { return "family " + std::string(family_name(family)); }

// How many rows a family holds beside one that is known.
std::uint64_t count_unknown_rows(const View& view, Family family, std::string_view known,
                                 Findings& findings) {
  std::uint64_t unknown = 0;
  const auto scan = view.scan(family, {}, keys_end());
  for (; scan->valid(); scan->next())
    if (scan->key() != known) ++unknown;
  if (const auto status = scan->status(); !status)
    findings.add(family_title(family), "It cannot be read to its end: " + status.error().message);
  return unknown;
}

std::string rows_text(std::uint64_t rows) {
  return std::to_string(rows) + (rows == 1 ? " row" : " rows");
}

// `default` never holds another row; `kept` is for newer versions to fill.
void check_unknown_rows(const View& view, Findings& findings, Findings& notes) {
  const auto strange = count_unknown_rows(view, Family::meta, kStateKey, findings);
  if (strange > 0)
    findings.add(family_title(Family::meta),
                 "It holds " + rows_text(strange) +
                     " beside the state, which no version writes; restore a backup of the ledger.");
  const auto kept = count_unknown_rows(view, Family::kept, {}, findings);
  if (kept > 0)
    notes.add(family_title(Family::kept),
              "It holds " + rows_text(kept) + " of a newer runledger, which alone can check them.");
}

void compare_with_events(const View& view, LogSize size, bool contradictory,
                         const ProgressFn& progress, Findings& findings) {
  const auto rebuilt = RebuiltProjections::build(view, size, progress);
  // Events that contradict each other are findings of their own.
  if (!rebuilt && contradictory && is_damage(rebuilt.error())) return;
  if (!rebuilt) return findings.add("db", rebuilt.error().message);
  std::map<Family, std::uint64_t> differing;
  const auto compared = compare_projections(view, (*rebuilt)->view(), [&](const Change& change) {
    ++differing[change.family];
    return Status();
  });
  if (!compared) return findings.add("db", compared.error().message);
  for (const auto& [family, pairs] : differing)
    findings.add("index " + std::string(family_name(family)),
                 std::to_string(pairs) +
                     " pairs are not what the events say. `runledger reindex` mends them.");
}

// One verification, from the directory inwards.
class Verifier {
 public:
  Verifier(const std::filesystem::path& ledger, const ProgressFn& progress,
           const DatasetCheckFn& dataset_check)
      : layout_{ledger}, progress_(progress), references_(dataset_check) {}

  Result<Verification> verify() {
    RL_TRY_VOID(check());
    verification_.findings = findings_.take();
    for (Finding& finding : verification_.findings)
      finding.message = without_advice_to_verify(std::move(finding.message));
    verification_.notes = notes_.take();
    verification_.ok = verification_.findings.empty();
    return std::move(verification_);
  }

 private:
  // Damage is a finding, anything else an error.
  Status found(std::string where, const Error& error) {
    if (!is_damage(error)) return std::unexpected(error);
    findings_.add(std::move(where), error.message);
    return {};
  }

  Status check() {
    if (const auto format = check_format(layout_); !format) return found("FORMAT", format.error());
    RL_TRY(const DirectoryCheck directory, DirectoryCheck::look(layout_));
    if (const auto head = HeadFile::read(layout_.head()); !head)
      RL_TRY_VOID(found("HEAD", head.error()));
    Patience patience(kVerifyPatience, nullptr, nullptr);
    auto inspection = inspect(layout_, patience);
    if (!inspection) {
      RL_TRY_VOID(found("db", inspection.error()));
      directory.tell(references_, false, notes_);
      return {};
    }
    RL_TRY(const bool whole, check_database(*inspection));
    directory.tell(references_, whole, notes_);
    return {};
  }

  // Whether all events are there and can be read.
  Result<bool> check_database(Inspection& inspection) {
    Findings in_log;
    Findings in_events;
    const LogFound log = check_events(inspection, in_log, in_events);
    verification_.missing = missing_events(inspection, log);
    if (inspection.acknowledged)
      verification_.acknowledged = {inspection.acknowledged->size, inspection.acknowledged->root};
    check_head(inspection, log, findings_, notes_);
    const bool contradictory = !in_events.empty();
    findings_.add(std::move(in_log));
    check_unknown_rows(*inspection.database, findings_, notes_);
    tell_newer_events();
    if (inspection.state && log.whole) check_projections(inspection, log.size, contradictory);
    RL_TRY_VOID(check_tables(inspection));
    verification_.blobs_checked = check_blobs(layout_, references_, progress_, findings_);
    findings_.add(std::move(in_events));
    return log.whole && !verification_.missing && newer_events_ == 0;
  }

  LogFound check_events(const Inspection& inspection, Findings& in_log, Findings& in_events) {
    const View& view = *inspection.database;
    LogFound log;
    log.size = inspection.state ? inspection.state->size : count_events(view);
    ReferenceCheck references(in_events);
    const auto on_event = [&](const StoredEvent& event) {
      if (event_in(event.bytes()).payload_type() > kNewestKind && newer_events_++ == 0)
        first_newer_ = event.seq();
      references.add(event);
      references_.add(event, in_events);
    };
    verification_.events_checked = check_log(
        view,
        {.size = log.size, .head = inspection.head, .on_event = on_event, .progress = progress_},
        in_log);
    log.whole = in_log.empty();
    verification_.head = {log.size, tree_root(view, log.size).value_or(Digest{})};
    return log;
  }

  // What the state row counted, when it is lost: up to the last event. Of one with a far seq, which
  // fits to nothing, only as many as the tree has leaves of, or as there are.
  static LogSize count_events(const View& view) {
    std::uint64_t last = 0;
    std::uint64_t rows = 0;
    const auto events = view.scan(Family::events, {}, keys_end());
    for (; events->valid(); events->next()) {
      if (events->key().size() != sizeof(std::uint64_t)) continue;
      last = read_be64(events->key());
      ++rows;
    }
    if (rows == 0) return LogSize();
    return LogSize(std::min(last, std::max(rows, count_leaves(view)) - 1) + 1);
  }

  void check_projections(const Inspection& inspection, LogSize size, bool contradictory) {
    const std::uint32_t version = inspection.state->projections;
    if (version == 0)
      notes_.add("db",
                 "The indexes are half rebuilt, as a `runledger reindex` that was interrupted "
                 "leaves them; the next command that writes does it again.");
    else if (version > kProjectionVersion || newer_events_ > 0)
      notes_.add("db",
                 "The indexes are of a newer runledger, which alone can compare them with the "
                 "events.");
    else if (version < kProjectionVersion)
      notes_.add("db",
                 "The indexes are of an older runledger; the next command that writes rebuilds "
                 "them.");
    else
      compare_with_events(*inspection.database, size, contradictory, progress_, findings_);
  }

  void tell_newer_events() {
    if (newer_events_ == 0) return;
    const std::string first = std::to_string(first_newer_.value);
    notes_.add("event " + first,
               "A newer runledger recorded " +
                   (newer_events_ == 1
                        ? "event " + first
                        : std::to_string(newer_events_) + " events, from " + first + " on,") +
                   " of kinds that this one does not know: they are as they were recorded, and "
                   "only the newer one can check what they say.",
               first_newer_);
  }

  // Tables that a committer has merged away cannot be opened by name any more; then a fresh view
  // tells.
  Status check_tables(Inspection& inspection) {
    Patience patience(kVerifyPatience, nullptr, nullptr);
    for (;;) {
      const auto status = inspection.database->verify_checksums();
      if (status) return {};
      if (inspection.database->has_all_tables() || patience.over()) {
        findings_.add("db", status.error().message);
        return {};
      }
      auto fresh = open_pinned(layout_, patience);
      if (!fresh) return found("db", fresh.error());
      inspection.database = *std::move(fresh);
    }
  }

  Layout layout_;
  const ProgressFn& progress_;
  Verification verification_;
  Findings findings_, notes_;
  std::uint64_t newer_events_ = 0;  // of kinds that this version does not know
  Seq first_newer_;
  BlobReferences references_;
};

}  // namespace

Result<Verification> verify(const std::filesystem::path& ledger, const ProgressFn& progress,
                            const DatasetCheckFn& dataset_check) {
  return Verifier(ledger, progress, dataset_check).verify();
}

}  // namespace runledger::ledger
