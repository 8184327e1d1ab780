#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <system_error>

#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <runledger/app/context.hpp>
#include <runledger/base/errno_text.hpp>
#include <runledger/base/text.hpp>

namespace runledger::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kLedgerName = "runledger-data";
constexpr double kLockTimeoutMax_s = 1e6;

bool folder_exists(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

std::optional<std::string> environment(const char* name) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): read once, before there are threads
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return std::string(value);
}

std::string user_name() {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found) == 0 &&
      found != nullptr)
    return found->pw_name;
  return fmt::format("uid{}", ::geteuid());
}

std::string host_name() {
  std::array<char, 256> buffer{};
  if (::gethostname(buffer.data(), buffer.size() - 1) != 0) return "localhost";
  return buffer.data();
}

fs::path cache_folder() {
  if (auto named = environment("XDG_CACHE_HOME"); named && fs::path(*named).is_absolute())
    return fs::path(*named) / "runledger";
  if (auto home = environment("HOME"); home && fs::path(*home).is_absolute())
    return fs::path(*home) / ".cache" / "runledger";
  return fs::path("/tmp") / fmt::format("runledger-{}", ::geteuid());
}

fs::path absolute_from(const fs::path& working_directory, const fs::path& path) {
  fs::path whole = (working_directory / path).lexically_normal();
  return whole.has_filename() ? whole : whole.parent_path();
}

Result<std::chrono::milliseconds> lock_timeout_of(double seconds) {
  if (!(seconds >= 0 && seconds <= kLockTimeoutMax_s))
    return fail(ErrorCode::invalid_input,
                fmt::format("the lock timeout is {} seconds; expected 0 to {:.0f}", seconds,
                            kLockTimeoutMax_s));
  return std::chrono::milliseconds(std::llround(seconds * 1000));
}

}  // namespace

ProgramLayout layout_around(const fs::path& program) {
  const fs::path prefix = program.parent_path().parent_path();
  ProgramLayout layout;
  layout.program = program;
  layout.worker = prefix / RL_LIBEXEC_DIR / "runledger-worker";
  for (const char* folder : {RL_PLUGIN_DIR, "lib/runledger/plugins", "lib64/runledger/plugins"}) {
    const fs::path candidate = prefix / folder;
    const auto& known = layout.plugin_folders;
    if (folder_exists(candidate) && std::find(known.begin(), known.end(), candidate) == known.end())
      layout.plugin_folders.push_back(candidate);
  }
  layout.share = prefix / "share" / "runledger";
  return layout;
}

Result<ProgramLayout> own_layout() {
  std::error_code code;
  const fs::path program = fs::read_symlink("/proc/self/exe", code);
  if (code)
    return fail(ErrorCode::io, "the program cannot find its own file through /proc/self/exe (" +
                                   errno_text(code.value()) + "); mount /proc");
  return layout_around(program);
}

Result<fs::path> locate_ledger(const LedgerHints& hints) {
  for (const auto& named : {hints.option, hints.environment}) {
    if (!named) continue;
    if (named->empty())
      return fail(ErrorCode::invalid_input, "the ledger's folder is empty text; name a folder");
    return absolute_from(hints.working_directory, *named);
  }
  for (fs::path folder = hints.working_directory;; folder = folder.parent_path()) {
    if (folder_exists(folder / kLedgerName)) return folder / kLedgerName;
    if (folder == folder.parent_path()) break;
  }
  return hints.working_directory / kLedgerName;
}

Surroundings read_surroundings() {
  Surroundings found;
  std::error_code ignored;
  found.working_directory = fs::current_path(ignored);
  found.ledger = environment("RUNLEDGER");
  if (const auto folders = environment("RUNLEDGER_PLUGINS")) {
    for (const std::string_view folder : split(*folders, ':'))
      if (!folder.empty())
        found.plugin_folders.push_back(absolute_from(found.working_directory, folder));
  }
  found.cache = cache_folder();
  found.actor = user_name() + "@" + host_name();
  return found;
}

Result<Context> make_context(const GlobalOptions& options) {
  Surroundings around = read_surroundings();
  if (around.working_directory.empty())
    return fail(ErrorCode::io, "the working directory is gone; change to one that exists");
  Context context;
  RL_TRY(context.layout, own_layout());
  RL_TRY(context.ledger,
         locate_ledger({options.ledger, std::move(around.ledger), around.working_directory}));
  for (const std::string& folder : options.plugin_folders) {
    const fs::path absolute = absolute_from(around.working_directory, folder);
    if (!folder_exists(absolute))
      return fail(ErrorCode::invalid_input,
                  "the plugins folder " + absolute.string() + " is not a folder");
    context.plugin_folders.push_back(absolute);
  }
  context.plugin_folders.insert(context.plugin_folders.end(), around.plugin_folders.begin(),
                                around.plugin_folders.end());
  context.cache = std::move(around.cache);
  context.actor = options.actor.value_or(std::move(around.actor));
  if (context.actor.empty() || context.actor.size() > 255 || !is_printable_utf8(context.actor))
    return fail(ErrorCode::invalid_input,
                "the actor is empty, longer than 255 bytes or not printable; expected a name such "
                "as user@host");
  if (options.lock_timeout_s) {
    RL_TRY(context.lock_timeout, lock_timeout_of(*options.lock_timeout_s));
  }
  return context;
}

}  // namespace runledger::app
