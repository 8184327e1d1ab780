#include "ledger_access.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <runledger/base/errno_text.hpp>
#include <runledger/base/fd.hpp>
#include <runledger/base/text.hpp>

namespace runledger::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPrefixDigitsMin = 6;
constexpr std::size_t kDigestDigits = 64;

// A folder beside the ledger-to-be, removed in the end. Its maker holds a lock on it, so one that
// was killed leaves a folder that nobody holds: the next one removes it. The ledger is made inside,
// because making one replaces its folder, and with that folder would go the lock.
class Nursery {
 public:
  static Result<Nursery> make(const fs::path& ledger) {
    std::error_code code;
    fs::create_directories(ledger.parent_path(), code);
    if (code) return cannot_make(ledger, code.value());
    remove_abandoned(ledger);
    for (;;) {
      std::string pattern =
          (ledger.parent_path() / (prefix(ledger) + std::string(kSuffix))).string();
      if (::mkdtemp(pattern.data()) == nullptr) return cannot_make(ledger, errno);
      Nursery nursery(pattern);
      if (nursery.hold()) return nursery;
    }
  }
  ~Nursery() {
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
  }
  Nursery(Nursery&& other) noexcept
      : folder_(std::exchange(other.folder_, {})), held_(std::move(other.held_)) {}
  Nursery& operator=(Nursery&&) = delete;

  // Where to make the ledger.
  [[nodiscard]] fs::path ledger() const { return folder_ / "ledger"; }
  // Whether it is now the ledger; false when something else took the place.
  Result<bool> move_to(const fs::path& ledger) {
    std::error_code unknown;
    const unsigned flags = fs::exists(ledger, unknown) ? 0 : RENAME_NOREPLACE;
    if (::renameat2(AT_FDCWD, this->ledger().c_str(), AT_FDCWD, ledger.c_str(), flags) == 0)
      return sync_folder(ledger.parent_path());
    if (errno == EEXIST || errno == ENOTEMPTY) return false;
    return fail(ErrorCode::write_failed, fmt::format("the new ledger cannot be moved to {}: {}",
                                                     ledger.string(), errno_text(errno)));
  }

 private:
  static constexpr std::string_view kSuffix = "XXXXXX";

  explicit Nursery(fs::path folder) : folder_(std::move(folder)) {}

  static std::string prefix(const fs::path& ledger) {
    return "." + ledger.filename().string() + ".new-";
  }
  static std::unexpected<Error> cannot_make(const fs::path& ledger, int error) {
    return fail(ErrorCode::write_failed,
                fmt::format("no ledger can be made at {}: {}; name another folder with --ledger",
                            ledger.string(), errno_text(error)));
  }
  static Fd open_folder(const fs::path& folder) {
    return Fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  }

  static void remove_abandoned(const fs::path& ledger) {
    const std::string start = prefix(ledger);
    std::error_code code;
    for (fs::directory_iterator entry(ledger.parent_path(), code), end; !code && entry != end;
         entry.increment(code)) {
      const std::string name = entry->path().filename().string();
      if (!name.starts_with(start) || name.size() != start.size() + kSuffix.size()) continue;
      const Fd folder = open_folder(entry->path());
      std::error_code ignored;
      if (folder && ::flock(folder.get(), LOCK_EX | LOCK_NB) == 0)
        fs::remove_all(entry->path(), ignored);
    }
  }

  // False when another process took the new folder for an abandoned one before it was locked. A
  // place that has no locks is as good, only never tidied.
  bool hold() {
    held_ = open_folder(folder_);
    if (held_) ::flock(held_.get(), LOCK_EX);
    std::error_code ignored;
    return fs::exists(folder_, ignored);
  }

  static Result<bool> sync_folder(const fs::path& folder) {
    const Fd opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened && ::fsync(opened.get()) == 0) return true;
    return fail(ErrorCode::unknown, "the folder " + folder.string() +
                                        " could not be synced; the new ledger may be lost in a "
                                        "power cut: check it with `runledger verify`");
  }

  fs::path folder_;
  Fd held_;
};

Status check_place(const fs::path& ledger) {
  std::error_code ignored;
  if (!fs::exists(ledger, ignored)) return {};
  if (fs::is_directory(ledger, ignored) && fs::is_empty(ledger, ignored)) return {};
  return fail(ErrorCode::conflict,
              ledger.string() + " exists and is not a ledger; name another folder with --ledger");
}

}  // namespace

Result<ledger::Reader> open_reader(const Context& context) {
  if (!ledger::is_ledger(context.ledger)) {
    RL_TRY_VOID(check_place(context.ledger));
    return fail(ErrorCode::not_found,
                fmt::format("there is no ledger at {}; make one with `runledger data import FILE`, "
                            "or name another with --ledger",
                            context.ledger.string()));
  }
  return ledger::Reader::open(context.ledger, {context.lock_timeout, context.on_notice});
}

ledger::AppendOptions append_options(const Context& context) {
  return {context.lock_timeout, context.on_notice};
}

Result<ledger::Recorded> append(const Context& context, std::vector<ledger::PendingEvent> events) {
  return ledger::append(context.ledger, std::move(events), append_options(context));
}

Status with_ledger(const Context& context, const LedgerWriter& write) {
  if (!ledger::is_ledger(context.ledger)) {
    RL_TRY_VOID(check_place(context.ledger));
    RL_TRY(Nursery nursery, Nursery::make(context.ledger));
    RL_TRY_VOID(ledger::create(nursery.ledger(),
                               {.origin = {}, .program = RL_VERSION, .actor = context.actor}));
    RL_TRY(const bool recorded, write(nursery.ledger()));
    if (!recorded) return {};
    RL_TRY(const bool moved, nursery.move_to(context.ledger));
    if (moved) {
      context.notice("made a new ledger at " + context.ledger.string());
      return {};
    }
  }
  RL_TRY([[maybe_unused]] const bool recorded, write(context.ledger));
  return {};
}

Result<Digest> unique_digest(std::string_view what, std::string_view prefix,
                             const std::vector<Digest>& candidates) {
  const std::string lower = to_lower(prefix);
  const bool hex = lower.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!hex || lower.size() < kPrefixDigitsMin || lower.size() > kDigestDigits)
    return fail(ErrorCode::invalid_input,
                fmt::format("the {} is `{}`; expected {} to {} hex digits of its digest", what,
                            prefix, kPrefixDigitsMin, kDigestDigits));
  std::vector<Digest> found;
  for (const Digest& candidate : candidates)
    if (candidate.hex().starts_with(lower) && std::ranges::find(found, candidate) == found.end())
      found.push_back(candidate);
  if (found.empty())
    return fail(ErrorCode::not_found, fmt::format("there is no {} whose digest starts with {}; "
                                                  "`runledger data ls` lists them",
                                                  what, lower));
  if (found.size() > 1)
    return fail(ErrorCode::invalid_input,
                fmt::format("{} digests start with {}, e.g. {} and {}; give more digits",
                            found.size(), lower, short_digest(found[0]), short_digest(found[1])));
  return found.front();
}

std::string short_digest(const Digest& digest) { return digest.hex().substr(0, 12); }

}  // namespace runledger::app
