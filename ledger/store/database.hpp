#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <runledger/base/result.hpp>
#include <runledger/ledger/view.hpp>

namespace runledger::ledger {

// The RocksDB database of one ledger: the only code that knows RocksDB.
//
// Threads:   any number; one writer at a time.
// Ownership: scans borrow from the database and must die before it.
// Errors:    damaged = a checksum or the structure is wrong. io = reading failed.
//            write_failed = not opened for writing. unknown = a write failed half-way.
// Settings:  ledger/DECISIONS.md.
class Database final : public View {
 public:
  enum class Mode : std::uint8_t {
    read_only,   // a frozen view; touches no file
    read_write,  // synced writes
    create,      // read_write of a database that does not exist yet
    scratch,     // as create, without a log: for what is compared and thrown away
  };
  static Result<std::unique_ptr<Database>> open(const std::filesystem::path& path, Mode mode);
  ~Database() override;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  [[nodiscard]] Result<std::optional<std::string>> get(Family family,
                                                       std::string_view key) const override;
  [[nodiscard]] std::unique_ptr<Scan> scan(Family family, std::string_view from,
                                           std::string_view to) const override;

  // Writes all changes or none, and syncs. Error: unknown; then the database takes no more writes.
  Status write(const Changes& changes);
  // Whether a write, a sync or work in the background has failed: stop, close, open again.
  [[nodiscard]] bool failed() const;

  // Moves everything from the log into tables and waits for the merges that follow, for a bounded
  // time.
  Status flush();
  // While held, no file of the database is deleted. Calls nest.
  Status hold_files();
  Status release_files();

  // Reads every table and compares checksums. It opens them by name: it fails, too, when somebody
  // who writes has merged one of them away since.
  [[nodiscard]] Status verify_checksums() const;
  // Whether every table of this view is still in the directory.
  [[nodiscard]] bool has_all_tables() const;

 private:
  struct State;
  explicit Database(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Bytes and number of the files with an extension in a database directory: `.log` are write-ahead
// logs, `.sst` tables.
struct DirectoryFiles {
  std::uint64_t bytes = 0;
  std::uint64_t count = 0;
};
DirectoryFiles files_in(const std::filesystem::path& database, std::string_view extension);

// The stored name of a family.
std::string_view family_name(Family family);

}  // namespace runledger::ledger
