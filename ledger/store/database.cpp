#include "database.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <system_error>
#include <thread>

#include <rocksdb/db.h>
#include <rocksdb/listener.h>
#include <rocksdb/write_batch.h>

#include <runledger/base/check.hpp>

#include "database_options.hpp"
#include "fault_point.hpp"

namespace runledger::ledger {
namespace {

constexpr std::array<std::string_view, kFamilyCount> kFamilyNames{
    "default", "events", "tiles", "index", "retracted", "counters", "lookup", "kept"};
constexpr std::chrono::seconds kMergeWaitMax{2};

rocksdb::Slice slice_of(std::string_view text) { return {text.data(), text.size()}; }
std::string_view view_of(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

// What a failed call means, in our words: RocksDB's never reach a person.
Error explain(const rocksdb::Status& status, ErrorCode code, std::string_view action,
              const std::filesystem::path& path) {
  const std::string what = std::string(action) + " the database " + path.string();
  if (status.IsCorruption() || status.IsInvalidArgument())
    return {ErrorCode::damaged, what +
                                    " failed: its files are damaged. Run `runledger verify` to "
                                    "see what is affected, and restore a backup."};
  if (status.IsIOError() && status.subcode() == rocksdb::Status::kNoSpace)
    return {code, what + " failed: no space is left. Free some; reading works meanwhile."};
  if (status.IsPathNotFound() || status.subcode() == rocksdb::Status::kPathNotFound)
    return {ErrorCode::damaged, what +
                                    " failed: a file of it is missing. Run `runledger verify` "
                                    "to see what is affected, and restore a backup."};
  return {code, what +
                    " failed: its files cannot be read or written. Check the disk, the "
                    "permissions and the free space."};
}

// Whether another process has RocksDB's own lock, for which it has no code: its text begins with
// what it did, and ends with the system's for errno, of which fcntl(2) has two for this.
bool is_held(const rocksdb::Status& status) {
  const std::string text = status.ToString();
  const auto ends_with = [&text](int error) {
    return text.ends_with(": " + std::system_category().message(error));
  };
  return status.IsIOError() && text.starts_with("IO error: While lock file: ") &&
         (ends_with(EAGAIN) || ends_with(EACCES));
}

// Notes that something failed behind our back.
class FailureListener final : public rocksdb::EventListener {
 public:
  void OnFlushBegin(rocksdb::DB* /*db*/, const rocksdb::FlushJobInfo& /*flush*/) override {
    fault_point("during flush");
  }
  void OnBackgroundError(rocksdb::BackgroundErrorReason /*reason*/,
                         rocksdb::Status* /*status*/) override {
    failed.store(true);
  }
  std::atomic<bool> failed{false};
};

class DatabaseScan final : public Scan {
 public:
  DatabaseScan(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family, std::string_view from,
               std::string_view to, const std::filesystem::path& path)
      : to_(to), bound_(slice_of(to_)), path_(path) {
    rocksdb::ReadOptions options;
    options.iterate_upper_bound = &bound_;
    iterator_.reset(db.NewIterator(options, family));
    iterator_->Seek(slice_of(from));
  }
  [[nodiscard]] bool valid() const override { return iterator_->Valid(); }
  [[nodiscard]] std::string_view key() const override { return view_of(iterator_->key()); }
  [[nodiscard]] std::string_view value() const override { return view_of(iterator_->value()); }
  void next() override { iterator_->Next(); }
  [[nodiscard]] Status status() const override {
    const rocksdb::Status status = iterator_->status();
    if (status.ok()) return {};
    return std::unexpected(explain(status, ErrorCode::io, "Reading", path_));
  }

 private:
  std::string to_;
  rocksdb::Slice bound_;
  const std::filesystem::path& path_;
  std::unique_ptr<rocksdb::Iterator> iterator_;
};

}  // namespace

struct Database::State {
  std::filesystem::path path;
  Mode mode = Mode::read_only;
  std::shared_ptr<FailureListener> listener = std::make_shared<FailureListener>();
  std::unique_ptr<rocksdb::DB> db;
  // Ours, in the order of Family; then those of newer versions.
  std::vector<rocksdb::ColumnFamilyHandle*> families;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (!db) return;
    for (auto* family : families) db->DestroyColumnFamilyHandle(family).PermitUncheckedError();
    db->Close().PermitUncheckedError();
  }
  rocksdb::Status open(const rocksdb::DBOptions& options) {
    rocksdb::DB* opened = nullptr;
    auto descriptors = family_descriptors();
    rocksdb::Status status;
    if (mode == Mode::read_only) {
      status = rocksdb::DB::OpenForReadOnly(options, path, descriptors, &families, &opened);
    } else {
      status = add_unknown_families(options, descriptors);
      if (status.ok()) status = rocksdb::DB::Open(options, path, descriptors, &families, &opened);
    }
    db.reset(opened);
    return status;
  }
  // For writing, RocksDB wants every family that there is, also those of newer versions, which
  // nothing here touches.
  rocksdb::Status add_unknown_families(
      const rocksdb::DBOptions& options,
      std::vector<rocksdb::ColumnFamilyDescriptor>& descriptors) const {
    std::vector<std::string> names;
    rocksdb::Status status = rocksdb::DB::ListColumnFamilies(options, path, &names);
    for (std::string& name : names)
      if (std::ranges::find(kFamilyNames, name) == kFamilyNames.end())
        descriptors.emplace_back(std::move(name), descriptors.front().options);
    return status;
  }
  // All families after the first at once: made one by one, each costs a synced file of options.
  rocksdb::Status create(const rocksdb::DBOptions& options) {
    rocksdb::DB* opened = nullptr;
    auto descriptors = family_descriptors();
    rocksdb::Status status =
        rocksdb::DB::Open(options, path, {descriptors.front()}, &families, &opened);
    db.reset(opened);
    descriptors.erase(descriptors.begin());
    std::vector<rocksdb::ColumnFamilyHandle*> others;
    if (status.ok()) status = db->CreateColumnFamilies(descriptors, &others);
    families.insert(families.end(), others.begin(), others.end());
    return status;
  }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* handle(Family family) const {
    return families[static_cast<std::size_t>(family)];
  }
};

Database::Database(std::unique_ptr<State> state) : state_(std::move(state)) {}
Database::~Database() = default;

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& path, Mode mode) {
  auto state = std::make_unique<State>();
  state->path = path;
  state->mode = mode;
  rocksdb::DBOptions options = database_options();
  options.listeners.push_back(state->listener);
  const bool creates = mode == Mode::create || mode == Mode::scratch;
  options.create_if_missing = creates;
  options.error_if_exists = creates;
  const rocksdb::Status status = creates ? state->create(options) : state->open(options);
  if (is_held(status))
    return fail(ErrorCode::locked,
                "The database " + path.string() +
                    " is held by another process, though the lock of its ledger was free: the file "
                    "ledger.lock was removed under that process. Try again when it is done.");
  if (!status.ok())
    return std::unexpected(
        explain(status, mode == Mode::read_only ? ErrorCode::io : ErrorCode::write_failed,
                "Opening", path));
  return std::unique_ptr<Database>(new Database(std::move(state)));
}

Result<std::optional<std::string>> Database::get(Family family, std::string_view key) const {
  std::string value;
  const rocksdb::Status status =
      state_->db->Get(rocksdb::ReadOptions(), state_->handle(family), slice_of(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return std::unexpected(explain(status, ErrorCode::io, "Reading", state_->path));
  return value;
}

std::unique_ptr<Scan> Database::scan(Family family, std::string_view from,
                                     std::string_view to) const {
  return std::make_unique<DatabaseScan>(*state_->db, state_->handle(family), from, to,
                                        state_->path);
}

Status Database::write(const Changes& changes) {
  RL_CHECK(state_->mode != Mode::read_only);
  rocksdb::WriteOptions options = synced_write();
  if (state_->mode == Mode::scratch) {
    options.sync = false;
    options.disableWAL = true;
  }
  rocksdb::WriteBatch batch(0, 0, options.protection_bytes_per_key, 0);
  rocksdb::Status status;
  for (const Change& change : changes) {
    auto* family = state_->handle(change.family);
    if (status.ok())
      status = change.value ? batch.Put(family, slice_of(change.key), slice_of(*change.value))
                            : batch.Delete(family, slice_of(change.key));
  }
  if (status.ok()) status = state_->db->Write(options, &batch);
  if (status.ok()) return {};
  state_->listener->failed.store(true);
  return std::unexpected(explain(status, ErrorCode::unknown, "Writing to", state_->path));
}

bool Database::failed() const { return state_->listener->failed.load(); }

Status Database::flush() {
  const rocksdb::Status status = state_->db->Flush(rocksdb::FlushOptions(), state_->families);
  if (!status.ok())
    return std::unexpected(explain(status, ErrorCode::write_failed, "Writing to", state_->path));
  const auto deadline = std::chrono::steady_clock::now() + kMergeWaitMax;
  const auto merging = [this] {
    return std::ranges::any_of(state_->families, [this](auto* family) {
      std::uint64_t pending = 0;
      state_->db->GetIntProperty(family, rocksdb::DB::Properties::kCompactionPending, &pending);
      std::uint64_t running = 0;
      state_->db->GetIntProperty(family, rocksdb::DB::Properties::kNumRunningCompactions, &running);
      return pending + running > 0;
    });
  };
  while (merging() && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return {};
}

Status Database::hold_files() {
  const rocksdb::Status status = state_->db->DisableFileDeletions();
  if (status.ok()) return {};
  return std::unexpected(explain(status, ErrorCode::io, "Holding the files of", state_->path));
}

Status Database::release_files() {
  const rocksdb::Status status = state_->db->EnableFileDeletions(/*force=*/false);
  if (status.ok()) return {};
  return std::unexpected(explain(status, ErrorCode::io, "Releasing the files of", state_->path));
}

Status Database::verify_checksums() const {
  const rocksdb::Status status = state_->db->VerifyChecksum();
  if (status.ok()) return {};
  return std::unexpected(explain(status, ErrorCode::io, "Reading", state_->path));
}

bool Database::has_all_tables() const {
  std::vector<rocksdb::LiveFileMetaData> tables;
  state_->db->GetLiveFilesMetaData(&tables);
  return std::ranges::all_of(tables, [](const rocksdb::LiveFileMetaData& table) {
    std::error_code ignored;
    return std::filesystem::exists(table.db_path + table.name, ignored);
  });
}

DirectoryFiles files_in(const std::filesystem::path& database, std::string_view extension) {
  DirectoryFiles files;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(database, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() != extension) continue;
    std::error_code gone;
    const auto size = entry->file_size(gone);
    if (gone) continue;
    files.bytes += size;
    ++files.count;
  }
  return files;
}

std::string_view family_name(Family family) {
  return kFamilyNames[static_cast<std::size_t>(family)];
}

}  // namespace runledger::ledger
