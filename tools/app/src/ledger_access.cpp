#include "ledger_access.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <stdio.h>
#include <unistd.h>

#include <runledger/base/text.hpp>

namespace runledger::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPrefixDigitsMin = 6;
constexpr std::size_t kDigestDigits = 64;

// A folder beside the ledger-to-be, removed unless it was moved to its place.
class Nursery {
 public:
  static Result<Nursery> make(const fs::path& ledger) {
    std::error_code code;
    fs::create_directories(ledger.parent_path(), code);
    std::string pattern =
        (ledger.parent_path() / ("." + ledger.filename().string() + ".new-XXXXXX")).string();
    if (code || ::mkdtemp(pattern.data()) == nullptr) {
      const int error = code ? code.value() : errno;
      return fail(ErrorCode::write_failed,
                  fmt::format("no ledger can be made at {}: {}; name another folder with --ledger",
                              ledger.string(), std::generic_category().message(error)));
    }
    return Nursery(pattern);
  }
  ~Nursery() {
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
  }
  Nursery(Nursery&& other) noexcept : folder_(std::move(other.folder_)) { other.folder_.clear(); }
  Nursery& operator=(Nursery&&) = delete;

  [[nodiscard]] const fs::path& folder() const { return folder_; }
  // Whether this is now the ledger; false when something else took the place.
  Result<bool> move_to(const fs::path& ledger) {
    const unsigned flags = fs::exists(ledger) ? 0 : RENAME_NOREPLACE;
    if (::renameat2(AT_FDCWD, folder_.c_str(), AT_FDCWD, ledger.c_str(), flags) == 0) {
      folder_.clear();
      return sync_folder(ledger.parent_path());
    }
    if (errno == EEXIST || errno == ENOTEMPTY) return false;
    return fail(ErrorCode::write_failed,
                fmt::format("the new ledger cannot be moved to {}: {}", ledger.string(),
                            std::generic_category().message(errno)));
  }

 private:
  explicit Nursery(fs::path folder) : folder_(std::move(folder)) {}

  static Result<bool> sync_folder(const fs::path& folder) {
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = fd >= 0 && ::fsync(fd) == 0;
    if (fd >= 0) ::close(fd);
    if (synced) return true;
    return fail(ErrorCode::unknown, "the folder " + folder.string() +
                                        " could not be synced; the new ledger may be lost in a "
                                        "power cut: check it with `runledger verify`");
  }

  fs::path folder_;
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
    RL_TRY_VOID(ledger::create(nursery.folder(),
                               {.origin = {}, .program = RL_VERSION, .actor = context.actor}));
    RL_TRY(const bool recorded, write(nursery.folder()));
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
