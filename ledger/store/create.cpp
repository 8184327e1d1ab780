#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <runledger/base/time.hpp>
#include <runledger/ledger/ledger.hpp>
#include <runledger/schemas/event_generated.h>

#include "commit_group.hpp"
#include "database.hpp"
#include "fault_point.hpp"
#include "head.hpp"
#include "layout.hpp"
#include "lock.hpp"
#include "projection.hpp"
#include "space.hpp"

namespace runledger::ledger {
namespace {

constexpr std::string_view kDefaultOriginPrefix = "runledger-";
constexpr std::size_t kDefaultOriginBytes = 6;
constexpr std::size_t kOriginBytesMax = 100;

std::string random_hex(std::size_t bytes) {
  Bytes random(bytes);
  fill_random(random);
  return to_hex(random);
}

PendingEvent ledger_opened(const InitOptions& options) {
  flatbuffers::FlatBufferBuilder builder;
  const std::string origin =
      options.origin.empty() ? std::string(kDefaultOriginPrefix) + random_hex(kDefaultOriginBytes)
                             : options.origin;
  const auto opened = schema::CreateLedgerOpenedDirect(builder, kFormatVersion, origin.c_str(),
                                                       options.program.c_str());
  const auto actor =
      schema::CreateActorDirect(builder, schema::ActorKind::local, options.actor.c_str());
  const auto request_id = builder.CreateString("ledger-opened-" + random_hex(16));
  const schema::Stamp stamp;
  builder.Finish(schema::CreateEvent(builder, &stamp, request_id, actor,
                                     schema::Payload::LedgerOpened, opened.Union()),
                 schema::EventIdentifier());
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

// An origin becomes the name of the key that signs checkpoints; a signed note allows no blank and
// no plus sign in it.
Status check_origin(std::string_view origin) {
  const auto allowed = [](char c) { return c > ' ' && c <= '~' && c != '+'; };
  if (origin.size() <= kOriginBytesMax && std::ranges::all_of(origin, allowed)) return {};
  return fail(ErrorCode::invalid_input,
              "The origin `" + std::string(origin) + "` cannot name a ledger; expected at most " +
                  std::to_string(kOriginBytesMax) +
                  " letters, digits and marks of ASCII without blanks and without `+`, such as "
                  "`example.com/desk`.");
}

// A directory that is removed with everything in it unless it was released.
class Building {
 public:
  explicit Building(std::filesystem::path path) : path_(std::move(path)) {}
  ~Building() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  Building(const Building&) = delete;
  Building& operator=(const Building&) = delete;
  void release() { path_.clear(); }

 private:
  std::filesystem::path path_;
};

Status make_directory(const std::filesystem::path& path) {
  if (::mkdir(path.c_str(), 0700) == 0) return {};
  return std::unexpected(file_error(ErrorCode::write_failed, "Cannot make", path, errno));
}

// Everything but FORMAT, which makes the directory a ledger.
Status fill(const Layout& layout, const PendingEvent& opened) {
  RL_TRY_VOID(make_directory(layout.blobs()));
  RL_TRY_VOID(make_directory(layout.keys()));
  RL_TRY_VOID(LedgerLock::create(layout));
  RL_TRY(const auto database, Database::open(layout.database(), Database::Mode::create));
  Tree tree;
  LogState empty;
  empty.projections = kProjectionVersion;
  const CounterRows counters(database.get());
  CommitGroup group(*database, counters, empty, tree, wall_clock_now());
  RL_TRY_VOID(group.add({&opened, 1}));
  const auto finished = group.finish();
  RL_TRY_VOID(database->write(finished.changes));
  RL_TRY_VOID(HeadFile::create(layout.head(), finished.head));
  return sync_path(layout.database());
}

std::unexpected<Error> is_not_empty(const std::filesystem::path& directory) {
  if (is_ledger(directory))
    return fail(ErrorCode::conflict, directory.string() + " is a ledger already");
  return fail(ErrorCode::conflict, directory.string() +
                                       " exists and is not empty; a ledger is made in a directory "
                                       "that is empty or does not exist");
}

std::filesystem::path without_slash(std::filesystem::path path) {
  return path.has_filename() ? path : path.parent_path();
}

}  // namespace

bool is_ledger(const std::filesystem::path& directory) {
  const Layout layout{directory};
  std::error_code why;
  if (std::filesystem::exists(layout.format(), why)) return true;
  return why == std::errc::permission_denied || lost_its_format(layout);
}

Status create(const std::filesystem::path& directory, const InitOptions& options) {
  RL_TRY_VOID(check_origin(options.origin));
  const PendingEvent opened = ledger_opened(options);
  RL_TRY_VOID(check_append({&opened, 1}));
  std::error_code failure;
  const auto target = without_slash(std::filesystem::absolute(directory, failure));
  if (failure)
    return std::unexpected(
        file_error(ErrorCode::write_failed, "Cannot make", directory, failure.value()));
  if (std::filesystem::exists(target, failure) && !std::filesystem::is_empty(target, failure))
    return is_not_empty(target);
  if (!failure || failure.value() == ENOENT)
    std::filesystem::create_directories(target.parent_path(), failure);
  if (failure)
    return std::unexpected(
        file_error(ErrorCode::write_failed, "Cannot make", target, failure.value()));
  RL_TRY_VOID(check_space({target.parent_path()}));

  std::string pattern = (target.parent_path() / ".new-ledger-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr)
    return std::unexpected(file_error(ErrorCode::write_failed, "Cannot make", target, errno));
  Building building(pattern);
  const Layout layout{pattern};
  RL_TRY_VOID(fill(layout, opened));
  RL_TRY_VOID(write_format(layout));
  RL_TRY_VOID(sync_path(layout.root));
  fault_point("create");
  // Replaces an empty directory, and nothing else.
  if (::rename(pattern.c_str(), target.c_str()) != 0) {
    if (errno == ENOTEMPTY || errno == EEXIST) return is_not_empty(target);
    return std::unexpected(file_error(ErrorCode::write_failed, "Cannot make", target, errno));
  }
  building.release();
  return sync_path(target.parent_path());
}

}  // namespace runledger::ledger
