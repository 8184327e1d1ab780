#include <algorithm>
#include <cerrno>
#include <optional>
#include <set>

#include <fcntl.h>
#include <sys/stat.h>
#include <zstd.h>

#include <runledger/base/check.hpp>
#include <runledger/ledger/blobs.hpp>

#include "blob_file.hpp"
#include "fault_point.hpp"
#include "files.hpp"

namespace runledger::ledger {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDraftsName = "tmp";
constexpr std::string_view kSuffix = ".zst";
// Files that put_all() holds open at once.
constexpr std::size_t kBatchBlobs = 64;

Status check_size(std::uint64_t size) {
  if (size <= kBlobBytesMax) return {};
  return fail(ErrorCode::too_large, "A blob of " + std::to_string(size) +
                                        " bytes cannot be stored; at most " +
                                        std::to_string(kBlobBytesMax) + " are allowed.");
}

// Makes the directory when it is missing; true when it was. The directory above is to be synced.
Result<bool> make_directory(const fs::path& path) {
  std::error_code error;
  if (fs::create_directory(path, error)) return true;
  if (!error && fs::is_directory(path, error)) return false;
  return std::unexpected(file_error(ErrorCode::write_failed, "Cannot make the directory", path,
                                    error ? error.value() : ENOTDIR));
}

Result<Bytes> read_whole(const fs::path& path, std::uint64_t size_max) {
  const Fd fd = open_fd(path, O_RDONLY | O_NONBLOCK);
  struct stat status{};
  if (!fd || ::fstat(fd.get(), &status) != 0)
    return std::unexpected(file_error(ErrorCode::io, "Cannot open", path, errno));
  if (!S_ISREG(status.st_mode))
    return fail(ErrorCode::io, "Cannot read " + path.string() + ": it is not a file.");
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size > size_max)
    return fail(ErrorCode::too_large, path.string() + " has " + std::to_string(size) +
                                          " bytes; at most " + std::to_string(size_max) +
                                          " are read.");
  Bytes bytes(size);
  const auto done = pread_all(fd.get(), bytes, 0);
  if (!done) return std::unexpected(file_error(ErrorCode::io, "Cannot read", path, errno));
  bytes.resize(*done);
  return bytes;
}

// One blob on its way to the disk.
struct Upload {
  Digest name;
  fs::path place;
  ByteView bytes;
  std::optional<BlobDraft> draft;  // nothing when the blob is there already
};

// Whether `place` holds the blob; a file that does not read as it is replaced.
bool holds(const fs::path& place, const Digest& name) {
  const auto frame = read_whole(place, ZSTD_COMPRESSBOUND(kBlobBytesMax));
  return frame && decompress_blob(*frame, name, place);
}

// Writes what is not there yet; then waits for the disk, once for all of it.
Status write_drafts(std::vector<Upload>& uploads, const fs::path& directory) {
  for (Upload& upload : uploads) {
    if (holds(upload.place, upload.name)) continue;
    RL_TRY(const Bytes frame, compress_blob(upload.bytes));
    RL_TRY(BlobDraft draft, BlobDraft::create(directory));
    RL_TRY_VOID(draft.write(frame));
    upload.draft.emplace(std::move(draft));
  }
  for (Upload& upload : uploads)
    if (upload.draft) RL_TRY_VOID(upload.draft->sync());
  return {};
}

// Gives the drafts their names. Of blobs that were there the directories are synced too: whoever
// stored them may not have come this far.
Status publish(std::vector<Upload>& uploads) {
  std::set<fs::path> directories;
  for (Upload& upload : uploads) {
    const fs::path shard = upload.place.parent_path();
    directories.insert(shard);
    directories.insert(shard.parent_path());
    if (!upload.draft) continue;
    RL_TRY_VOID(make_directory(shard));
    RL_TRY_VOID(upload.draft->publish(upload.place));
  }
  fault_point("blob named");
  for (const fs::path& directory : directories) RL_TRY_VOID(sync_path(directory));
  return {};
}

std::optional<Digest> name_in(const fs::path& file) {
  const std::string rest = file.filename().string();
  if (!rest.ends_with(kSuffix)) return std::nullopt;
  const std::string digits =
      file.parent_path().filename().string() + rest.substr(0, rest.size() - kSuffix.size());
  const auto name = Digest::from_hex(digits);
  return name && name->hex() == digits ? name : std::nullopt;
}

bool is_shard(const fs::path& directory) {
  const std::string name = directory.filename().string();
  return name.size() == 2 && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

BlobStore::BlobStore(const fs::path& ledger) : directory_(ledger / "blobs") {}

fs::path BlobStore::path_of(const Digest& name) const {
  const std::string digits = name.hex();
  return directory_ / digits.substr(0, 2) / (digits.substr(2) + std::string(kSuffix));
}

bool BlobStore::contains(const Digest& name) const {
  std::error_code ignored;
  return fs::is_regular_file(path_of(name), ignored);
}

Result<Digest> BlobStore::put(ByteView bytes) const {
  RL_TRY(const auto names, put_all({&bytes, 1}));
  return names.front();
}

Result<std::vector<Digest>> BlobStore::put_all(std::span<const ByteView> blobs) const {
  std::vector<Digest> names;
  names.reserve(blobs.size());
  for (const ByteView bytes : blobs) {
    RL_TRY_VOID(check_size(bytes.size()));
    names.push_back(sha256(bytes));
  }
  RL_TRY(const bool made, make_directory(directory_));
  if (made) RL_TRY_VOID(sync_path(directory_.parent_path()));
  RL_TRY_VOID(make_directory(directory_ / kDraftsName));
  remove_leftovers(directory_ / kDraftsName);
  for (std::size_t begin = 0; begin < blobs.size(); begin += kBatchBlobs) {
    std::vector<Upload> uploads;
    for (std::size_t i = begin; i < std::min(begin + kBatchBlobs, blobs.size()); ++i)
      uploads.push_back(
          {.name = names[i], .place = path_of(names[i]), .bytes = blobs[i], .draft = std::nullopt});
    RL_TRY_VOID(write_drafts(uploads, directory_ / kDraftsName));
    fault_point("blob drafted");
    RL_TRY_VOID(publish(uploads));
  }
  return names;
}

Result<Bytes> BlobStore::get(const Digest& name) const {
  const fs::path file = path_of(name);
  auto frame = read_whole(file, ZSTD_COMPRESSBOUND(kBlobBytesMax));
  if (!frame && frame.error().code == ErrorCode::not_found)
    return fail(ErrorCode::not_found, "The ledger holds no blob " + name.hex() + " (" +
                                          file.string() + " does not exist).");
  if (!frame && frame.error().code == ErrorCode::too_large)
    return fail(ErrorCode::damaged, frame.error().message + " Restore it from a backup.");
  if (!frame) return std::unexpected(frame.error());
  return decompress_blob(*frame, name, file);
}

Result<BlobStore::Listing> BlobStore::list() const {
  Listing listing;
  std::error_code error;
  for (fs::directory_iterator shard(directory_, error); !error && shard != fs::end(shard);
       shard.increment(error)) {
    const fs::path path = shard->path();
    std::error_code ignored;
    if (path.filename() == kDraftsName) continue;
    if (!is_shard(path) || !fs::is_directory(path, ignored)) {
      listing.unknown.push_back(path);
      continue;
    }
    std::error_code inner;
    for (fs::directory_iterator file(path, inner); !inner && file != fs::end(file);
         file.increment(inner)) {
      const auto name = name_in(file->path());
      if (name && file->is_regular_file(ignored))
        listing.blobs.push_back(*name);
      else
        listing.unknown.push_back(file->path());
    }
    if (inner)
      return std::unexpected(file_error(ErrorCode::io, "Cannot read", path, inner.value()));
  }
  if (error && error != std::errc::no_such_file_or_directory)
    return std::unexpected(file_error(ErrorCode::io, "Cannot read", directory_, error.value()));
  std::ranges::sort(listing.blobs);
  std::ranges::sort(listing.unknown);
  return listing;
}

}  // namespace runledger::ledger
