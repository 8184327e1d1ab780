#include "check_directory.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fcntl.h>
#include <sys/file.h>

#include "files.hpp"

namespace runledger::ledger {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 8> kNames{
    "FORMAT", "HEAD", "db", "blobs", "keys", "ledger.lock", "ledger.turn", "committer.sock"};
constexpr std::string_view kNewHead = "HEAD.new";
constexpr std::string_view kDrafts = "tmp";

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Whether RocksDB gives its files such names.
bool is_database_file(const fs::path& path) {
  const std::string name = path.filename().string();
  const std::string extension = path.extension().string();
  if (name == "CURRENT" || name == "IDENTITY" || name == "LOCK") return true;
  for (const std::string_view prefix : {"MANIFEST-", "OPTIONS-"})
    if (name.starts_with(prefix))
      return is_number(path.stem().string().substr(prefix.size())) &&
             (extension.empty() || extension == ".dbtmp");
  return is_number(path.stem().string()) &&
         (extension == ".sst" || extension == ".log" || extension == ".dbtmp");
}

// Calls `visit` with every entry. A directory that is not there has none.
Status each_entry(const fs::path& directory, const auto& visit) {
  std::error_code error;
  for (fs::directory_iterator entry(directory, error); !error && entry != fs::end(entry);
       entry.increment(error))
    visit(entry->path());
  if (!error || error == std::errc::no_such_file_or_directory) return {};
  return std::unexpected(file_error(ErrorCode::io, "Cannot read", directory, error.value()));
}

// Whoever writes a draft holds a lock on it.
bool is_being_written(const fs::path& draft) {
  const Fd fd = open_fd(draft, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  return !fd || ::flock(fd.get(), LOCK_SH | LOCK_NB) != 0;
}

std::string counted(std::uint64_t count) {
  return count == 1 ? "1 file is" : std::to_string(count) + " files are";
}

}  // namespace

Result<DirectoryCheck> DirectoryCheck::look(const Layout& layout) {
  DirectoryCheck check;
  check.layout_ = layout;
  const auto unknown_unless = [&check](const fs::path& path, bool known) {
    if (!known) check.unknown_.push_back(path);
  };
  RL_TRY_VOID(each_entry(layout.root, [&](const fs::path& path) {
    const std::string name = path.filename().string();
    if (name == kNewHead) check.unfinished_repair_ = true;
    unknown_unless(path, name == kNewHead || std::ranges::find(kNames, name) != kNames.end());
  }));
  RL_TRY_VOID(each_entry(layout.database(), [&](const fs::path& path) {
    unknown_unless(path, is_database_file(path));
  }));
  RL_TRY_VOID(
      each_entry(layout.keys(), [&](const fs::path& path) { unknown_unless(path, false); }));
  RL_TRY_VOID(each_entry(layout.blobs() / kDrafts, [&](const fs::path& path) {
    if (!is_being_written(path)) ++check.drafts_;
  }));
  RL_TRY(auto listing, BlobStore(layout.root).list());
  check.blobs_ = std::move(listing.blobs);
  check.unknown_.insert(check.unknown_.end(), listing.unknown.begin(), listing.unknown.end());
  std::ranges::sort(check.unknown_);
  RL_TRY(check.more_in_format_, has_more_lines(layout));
  return check;
}

void DirectoryCheck::tell(const BlobReferences& references, bool all_events,
                          Findings& notes) const {
  if (more_in_format_)
    notes.add(
        "FORMAT",
        "There is more in it than its two lines, which this version reads over; look at it if "
        "no newer runledger was here.");
  if (unfinished_repair_)
    notes.add(
        std::string(kNewHead),
        "A repair of HEAD ended before it counted; the next one replaces the file, and it can "
        "be removed.");
  if (drafts_ > 0)
    notes.add("blobs/tmp",
              counted(drafts_) +
                  " left over from writing that was interrupted; the next command that "
                  "stores a file removes what is there.");
  const auto orphans = static_cast<std::uint64_t>(std::ranges::count_if(
      blobs_, [&](const Digest& blob) { return !references.all().contains(blob); }));
  if (all_events && orphans > 0)
    notes.add("blobs", counted(orphans) +
                           " named by no event, as a command that was interrupted or is still "
                           "running leaves them; run again, it finds them there.");
  for (const fs::path& path : unknown_)
    notes.add(path.lexically_relative(layout_.root).string(),
              "It is no file of a ledger and nothing reads it; remove it if it is nobody's.");
}

}  // namespace runledger::ledger
