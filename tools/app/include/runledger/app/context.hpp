#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <runledger/base/result.hpp>

namespace runledger::app {

// Where the parts of this program are: relative to the program itself, so that an installation can
// be moved and the build tree works like one.
struct ProgramLayout {
  std::filesystem::path program;                      // <prefix>/bin/runledger
  std::filesystem::path worker;                       // <prefix>/libexec/runledger/...
  std::vector<std::filesystem::path> plugin_folders;  // <prefix>/lib*/runledger/plugins that exist
  std::filesystem::path share;                        // <prefix>/share/runledger
};

// The layout around `program`, e.g. what /proc/self/exe links to.
ProgramLayout layout_around(const std::filesystem::path& program);
// The layout around the running program. Errors: io.
Result<ProgramLayout> own_layout();

// What every operation works with. Plain values: copy it and change what differs.
//
// Threads: operations of one Context may run on many threads when the callbacks allow it.
struct Context {
  std::filesystem::path ledger;  // absolute; need not exist yet
  ProgramLayout layout;
  std::vector<std::filesystem::path> plugin_folders;  // searched before those of the layout
  std::filesystem::path cache;  // plugin copies and descriptions; safe to delete
  std::string actor;            // recorded with every event: user@host unless told
  std::chrono::milliseconds lock_timeout{60'000};
  // For each library that is loaded to see what is in it, when less than usual (5 s) is wanted.
  std::optional<std::chrono::milliseconds> describe_timeout;
  std::optional<std::string> under;  // a debugger's command that runs the worker, `gdb --args`
  const std::atomic<bool>* interrupted = nullptr;  // set by Ctrl-C; ends what is under way

  // One sentence for stderr: a new ledger, a wait of more than a second, a warning.
  std::function<void(const std::string& sentence)> on_notice;
  // `total` is 0 while it is not known. `what` names the units: "files", "events".
  std::function<void(std::uint64_t done, std::uint64_t total, std::string_view what)> on_progress;

  void notice(const std::string& sentence) const {
    if (on_notice) on_notice(sentence);
  }
  void progress(std::uint64_t done, std::uint64_t total, std::string_view what) const {
    if (on_progress) on_progress(done, total, what);
  }
  [[nodiscard]] bool stop_wanted() const {
    return interrupted != nullptr && interrupted->load(std::memory_order_relaxed);
  }
};

// What decides which ledger is meant, in order of precedence.
struct LedgerHints {
  std::optional<std::string> option;       // --ledger
  std::optional<std::string> environment;  // RUNLEDGER
  std::filesystem::path working_directory;
};
// The absolute path of the ledger that is meant: the option, else the environment, else
// `runledger-data` here or in the nearest parent folder, else `runledger-data` here. It need not
// exist. Errors: invalid_input (empty text).
Result<std::filesystem::path> locate_ledger(const LedgerHints& hints);

// What the process's environment says, read once: RUNLEDGER, RUNLEDGER_PLUGINS (folders separated
// by `:`), the cache folder (XDG_CACHE_HOME, else ~/.cache, else a folder of this user in /tmp),
// user@host.
struct Surroundings {
  std::optional<std::string> ledger;
  std::vector<std::filesystem::path> plugin_folders;
  std::filesystem::path cache;
  std::string actor;
  std::filesystem::path working_directory;
};
Surroundings read_surroundings();

// What a command line says before its command.
struct GlobalOptions {
  std::optional<std::string> ledger;        // --ledger
  std::vector<std::string> plugin_folders;  // --plugins
  std::optional<std::string> actor;         // --actor
  std::optional<double> lock_timeout_s;     // --lock-timeout
};
// Options first, then the environment, then what is usual.
// Errors: invalid_input (a plugins folder that is none, a timeout that is not 0 or more).
Result<Context> make_context(const GlobalOptions& options);

}  // namespace runledger::app
