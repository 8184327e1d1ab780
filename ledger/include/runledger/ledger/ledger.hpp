#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <runledger/base/bytes.hpp>
#include <runledger/base/digest.hpp>
#include <runledger/base/result.hpp>
#include <runledger/base/types.hpp>

namespace runledger::ledger {

// One event as stored: verified against the hash in its tree leaf when it was read.
class StoredEvent {
 public:
  explicit StoredEvent(Bytes bytes);  // copies to 16-byte aligned memory
  [[nodiscard]] Seq seq() const;
  [[nodiscard]] TimeNs recorded_at() const;
  [[nodiscard]] ByteView bytes() const;  // 16-byte aligned; schema::GetEvent(bytes().data())
 private:
  std::shared_ptr<const std::uint8_t> bytes_;
  std::size_t size_ = 0;
};

// Which runs: the class leads every index (CLI.md, "Which runs a list shows").
enum class RunGroup : std::uint8_t {
  listed = 1,        // completed, asked for singly or imported
  sweep_trial = 2,   // completed trials of sweeps
  failed = 3,        // failed, asked for singly
  failed_trial = 4,  // failed trials of sweeps
};

struct RunFilter {
  std::vector<RunGroup> groups{RunGroup::listed};
  std::optional<std::string> ticker;
  std::optional<std::string> strategy;
  std::optional<std::string> sweep;
  std::optional<TimeNs> since, until;  // recorded_at, inclusive
  bool retracted = false;              // the hidden ones instead of the shown ones
  std::optional<Seq> as_of;            // the state right after this event
};

// One line of a list, from the index alone.
struct RunRow {
  Seq id{};
  RunGroup group = RunGroup::listed;
  TimeNs recorded_at = 0;
  std::string ticker, strategy, interval;
  TimeNs start = 0, end = 0;
  double cash = 0, pnl = 0, return_pct = 0, sharpe_ratio = 0, max_drawdown = 0;  // NaN: undefined
  std::uint32_t total_trades = 0, winning_trades = 0, losing_trades = 0;
  std::optional<Seq> parent;
  bool replay = false;
};

struct RunPage {
  std::vector<RunRow> runs;  // newest first
  std::optional<std::string> next_cursor;
};

inline constexpr std::uint64_t kPageRunsMax = 100'000;

struct PageRequest {
  std::uint64_t limit = 100;  // at most kPageRunsMax
  std::uint64_t offset = 0;
  std::optional<std::string> cursor;
};

struct DatasetVersion {
  Seq imported{};
  std::string ticker, interval;
  Digest dataset;
};

struct LogHead {
  LogSize size{};
  Digest root;  // of the Merkle tree
};

// A frozen view of everything acknowledged when it was opened.
//
// Threads: any number.
// Errors:  not_found, unsupported, damaged, rolled_back, locked, io.
class Reader {
 public:
  struct Options {
    std::chrono::milliseconds lock_timeout{60'000};
    // Called once, when opening has waited for a second.
    std::function<void(const std::string& sentence)> on_wait;
  };
  static Result<Reader> open(const std::filesystem::path& ledger, const Options& options);
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;
  ~Reader();

  [[nodiscard]] LogHead head() const;
  Result<StoredEvent> event(Seq seq) const;
  Result<RunPage> list(const RunFilter& filter, const PageRequest& page) const;
  Result<std::uint64_t> count(const RunFilter& filter) const;
  // Whether the run is hidden now: the seq of the retraction.
  Result<std::optional<Seq>> retracted_by(Seq run) const;
  // Events about a run, oldest first: replays of it, retractions, restorations, annotations.
  Result<std::vector<Seq>> events_about(Seq run) const;
  // Versions of a ticker's data, newest first; all tickers when empty.
  Result<std::vector<DatasetVersion>> datasets(const std::optional<std::string>& ticker) const;
  // The event that imported a dataset / registered a plugin / registered a runtime first.
  Result<std::optional<Seq>> dataset_event(const Digest& dataset) const;
  Result<std::optional<Seq>> plugin_event(const Digest& plugin) const;
  Result<std::optional<Seq>> runtime_event(const Digest& runtime) const;
  Result<std::optional<Seq>> event_by_request(std::string_view request_id) const;
  // The newest run recorded by this actor.
  Result<std::optional<Seq>> latest_run(std::string_view actor) const;

 private:
  struct State;
  explicit Reader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Event bytes with a zero stamp, ready to be appended.
using PendingEvent = Bytes;

struct Recorded {
  std::vector<Seq> seqs;          // one an event, consecutive
  bool already_recorded = false;  // the request id was known: these are the seqs of the first time
};

// Appends events as one atomic group: becomes the committer for an instant, or hands them to the
// one that is running. When it returns, the events survive a power cut and every reader opened
// later sees them.
//
// Errors: conflict (e.g. retracting what is retracted), too_large, locked, write_failed (nothing
//         was recorded), unknown (ask again with the same request id), damaged, rolled_back.
struct AppendOptions {
  std::chrono::milliseconds lock_timeout{60'000};
  std::function<void(const std::string& sentence)> on_wait;
};
Result<Recorded> append(const std::filesystem::path& ledger, std::vector<PendingEvent> events,
                        const AppendOptions& options);

// Holds the ledger open for writing and serves appends and pins of other processes until it is
// destroyed: for servers, sweeps and imports. While another process does that already, appends go
// through it; when it has gone, this one takes its place with the next append.
//
// Threads: any number of appenders; appends are grouped into one synced write.
class Committer {
 public:
  static Result<Committer> open(const std::filesystem::path& ledger, const AppendOptions& options);
  Committer(Committer&&) noexcept;
  Committer& operator=(Committer&&) noexcept;
  ~Committer();
  Result<Recorded> append(std::vector<PendingEvent> events);

 private:
  struct State;
  explicit Committer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Makes a ledger in `directory`, which must not exist or be empty. Complete or not at all.
struct InitOptions {
  std::string origin;   // empty: chosen
  std::string program;  // version that makes it
  std::string actor;
};
Status create(const std::filesystem::path& directory, const InitOptions& options);
// Whether `directory` is a ledger: it holds FORMAT, has lost it, or may not be looked into. The
// last two are told by whatever opens it.
bool is_ledger(const std::filesystem::path& directory);

struct Finding {
  std::string where;    // file, event or blob
  std::string message;  // one sentence, and what to do next
  std::optional<Seq> first_seq;
};
struct SeqRange {
  Seq first, last;  // both inclusive
  bool operator==(const SeqRange&) const = default;
};
struct Verification {
  bool ok = false;                      // there is no finding
  LogHead head;                         // of the events that are there
  std::optional<LogHead> acknowledged;  // what HEAD says; nothing when it cannot be read
  std::optional<SeqRange> missing;      // acknowledged, and after the end of the log
  std::uint64_t events_checked = 0;
  std::uint64_t blobs_checked = 0;
  std::vector<Finding> findings;  // damage
  std::vector<Finding> notes;     // what is worth knowing and is no damage
};
using ProgressFn = std::function<void(std::uint64_t done, std::uint64_t total)>;

// Compares the bars of one dataset with the event that imported it. What bars look like is not
// known here: whoever does brings it along.
class DatasetCheck {
 public:
  virtual ~DatasetCheck() = default;
  // The content of the next chunk. Error: damaged, with a sentence without an end; then nothing
  // else is asked.
  virtual Status add(ByteView chunk) = 0;
  // After the last chunk. Error: damaged, likewise.
  virtual Status finish() = 0;
};
// For an event `dataset.imported`; never null.
using DatasetCheckFn = std::function<std::unique_ptr<DatasetCheck>(const StoredEvent& imported)>;

// Everything that can be checked: event hashes, sequence, times, tree, HEAD, what events say of one
// another, projections, tables, blobs and, with `dataset_check`, datasets. As of one moment, also
// while others write; writes nothing itself. Runs the checks on the database in the calling
// process: RocksDB's own asserts abort on some damage, so tools call it in a child process.
//
// Errors: not_found, unsupported, locked, io. Damage is a finding.
Result<Verification> verify(const std::filesystem::path& ledger, const ProgressFn& progress,
                            const DatasetCheckFn& dataset_check = nullptr);

struct Reindexed {
  std::uint64_t events = 0;
  std::uint64_t pairs = 0;
  std::uint64_t differing = 0;  // pairs that were missing, extra or other before
};
// Verifies, then rebuilds every projection.
Result<Reindexed> reindex(const std::filesystem::path& ledger, const AppendOptions& options,
                          const ProgressFn& progress);

}  // namespace runledger::ledger
