#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <runledger/app/maintenance.hpp>
#include <runledger/app/strategies.hpp>
#include <runledger/base/text.hpp>
#include <runledger/base/time.hpp>
#include <runledger/ledger/doctor.hpp>

#include "files.hpp"
#include "ledger_access.hpp"
#include "plugin_files.hpp"
#include "try_opening.hpp"

namespace runledger::app {
namespace {

namespace fs = std::filesystem;
using Level = DoctorFinding::Level;

constexpr std::uint64_t kRoomBroken = 64ULL << 20;
constexpr std::uint64_t kRoomWarning = 1ULL << 30;

DoctorFinding look_at_worker(const Context& context) {
  const fs::path& worker = context.layout.worker;
  if (::access(worker.c_str(), X_OK) == 0)
    return {Level::fine, "worker", worker.string() + " is there and can be executed"};
  return {
      Level::broken, "worker",
      fmt::format("{} is missing or not executable, so nothing can run; install runledger again",
                  worker.string())};
}

void look_at_plugins(const Context& context, std::vector<DoctorFinding>& findings) {
  const auto catalog = list_strategies(context);
  if (!catalog) {
    findings.push_back({Level::broken, "plugins", catalog.error().message});
    return;
  }
  for (const RefusedPlugin& refused : catalog->refused)
    findings.push_back(
        {Level::warning, "plugins",
         fmt::format("{} cannot be used: {}", refused.file.string(), join(refused.reasons, "; "))});
  for (const std::string& conflict : catalog->conflicts)
    findings.push_back({Level::warning, "plugins", conflict});
  const std::size_t count = catalog->strategies.size();
  if (count == 0)
    findings.push_back({Level::warning, "plugins",
                        "no strategy was found; add a folder with --plugins, or write one with "
                        "`runledger strategies new NAME`"});
  else
    findings.push_back(
        {Level::fine, "plugins",
         fmt::format("{} {} can run", count, count == 1 ? "strategy" : "strategies")});
}

DoctorFinding look_at_cache(const Context& context) {
  if (const Status own = check_cache(context); !own)
    return {Level::broken, "cache", own.error().message};
  const fs::path probe = context.cache / "doctor.probe";
  const Status written = write_cache_file(probe, bytes_of("probe"), false);
  std::error_code ignored;
  fs::remove(probe, ignored);
  if (!written) return {Level::broken, "cache", written.error().message};
  return {Level::fine, "cache", context.cache.string() + " can be written"};
}

DoctorFinding broken_ledger(const Error& error) {
  return {Level::broken, "ledger", error.message, error.code};
}

// What opening the ledger without changing it tells.
void look_into_ledger(const Context& context, std::vector<DoctorFinding>& findings) {
  const auto condition = ledger::examine(context.ledger);
  if (!condition) return findings.push_back(broken_ledger(condition.error()));
  const auto opening = try_opening(context);
  if (!opening) return findings.push_back(broken_ledger(opening.error()));
  findings.push_back(
      {Level::fine, "ledger",
       fmt::format("{} opens and holds {} events, the newest of {}, in {} files{}; `runledger "
                   "verify` checks them all",
                   context.ledger.string(), opening->head.size.value,
                   format_time(condition->recorded_at),
                   condition->table_files + condition->log_files,
                   condition->writer ? ", and is held for writing by " + *condition->writer
                                     : std::string())});
  for (const std::string& note : opening->notes)
    findings.push_back({Level::warning, "ledger", note});
}

void look_at_ledger(const Context& context, std::vector<DoctorFinding>& findings) {
  struct stat state{};
  if (!ledger::is_ledger(context.ledger))
    findings.push_back(
        {Level::warning, "ledger",
         fmt::format("there is none at {} yet; `runledger data import FILE` makes it",
                     context.ledger.string())});
  else if (::stat(context.ledger.c_str(), &state) == 0 && state.st_uid != ::geteuid())
    findings.push_back(
        {Level::broken, "ledger",
         fmt::format("{} belongs to user id {}, and one user owns a ledger; run as that user",
                     context.ledger.string(), state.st_uid)});
  else
    look_into_ledger(context, findings);
}

DoctorFinding look_at_room(const Context& context) {
  fs::path place = context.ledger;
  std::error_code unknown;
  while (!fs::exists(place, unknown) && place.has_relative_path()) place = place.parent_path();
  struct statvfs room{};
  if (::statvfs(place.c_str(), &room) != 0)
    return {Level::warning, "disk", "the room at " + place.string() + " cannot be asked for"};
  const std::uint64_t free_bytes = room.f_bavail * room.f_frsize;
  const std::string text = fmt::format("{:.1f} GB are free at {}",
                                       static_cast<double>(free_bytes) / 1e9, place.string());
  if (free_bytes < kRoomBroken)
    return {Level::broken, "disk", text + "; free some before you go on"};
  if (free_bytes < kRoomWarning) return {Level::warning, "disk", text + "; free some soon"};
  return {Level::fine, "disk", text};
}

}  // namespace

std::vector<DoctorFinding> doctor(const Context& context) {
  std::vector<DoctorFinding> findings;
  findings.push_back({Level::fine, "program",
                      fmt::format("{}, version {}", context.layout.program.string(), RL_VERSION)});
  findings.push_back(look_at_worker(context));
  if (findings.back().level == Level::fine) look_at_plugins(context, findings);
  findings.push_back(look_at_cache(context));
  look_at_ledger(context, findings);
  findings.push_back(look_at_room(context));
  return findings;
}

}  // namespace runledger::app
