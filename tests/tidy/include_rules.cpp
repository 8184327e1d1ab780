#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "rules.hpp"

namespace runledger::tidy {
namespace {

struct Include {
  std::string_view name;  // without <> or ""
  bool quoted;
};

std::optional<Include> parse_include(std::string_view line) {
  constexpr std::string_view kDirective = "#include ";
  if (!line.starts_with(kDirective) || line.size() < kDirective.size() + 2) return std::nullopt;
  const bool quoted = line[kDirective.size()] == '"';
  const std::size_t begin = kDirective.size() + 1;
  const std::size_t end = line.find(quoted ? '"' : '>', begin);
  if (end == std::string_view::npos) return std::nullopt;
  return Include{.name = line.substr(begin, end - begin), .quoted = quoted};
}

// An area may include itself and what stands here; tests and benchmarks may include everything.
struct Area {
  std::string_view folder;
  std::vector<std::string_view> may_include;
};

const std::vector<Area>& areas() {
  static const std::vector<Area> table = {
      {"core/base", {}},
      {"core/strategy", {}},
      {"core/market", {"core/base"}},
      {"core/engine", {"core/base", "core/market", "core/strategy"}},
      {"core/metrics", {"core/base", "core/market", "core/engine"}},
      {"core/host", {"core/base", "core/strategy"}},
      {"schemas", {}},
      {"ledger", {"core/base", "schemas"}},
      {"plugins", {"core/strategy"}},
      {"tools/worker", {"core", "schemas"}},
      {"tools/app", {"core", "ledger", "schemas", "tools/worker"}},
      {"tools/sample", {"core/base", "core/market"}},
      {"tools/cli", {"core/base", "tools/app"}},
  };
  return table;
}

bool is_within(std::string_view path, std::string_view folder) {
  return path == folder || (path.starts_with(folder) && path[folder.size()] == '/');
}

const Area* area_of(std::string_view path) {
  const auto found =
      std::ranges::find_if(areas(), [&](const Area& area) { return is_within(path, area.folder); });
  return found == areas().end() ? nullptr : &*found;
}

// Where an include of ours leads, as paths in the repository; empty when it is not ours.
std::vector<std::string> targets_of(const Repository& repository, const SourceFile& from,
                                    const Include& include) {
  if (include.name.starts_with("runledger/schemas/"))
    return {"schemas/" + std::string(include.name)};
  if (include.quoted) {
    const auto beside =
        (std::filesystem::path(from.path).parent_path() / include.name).lexically_normal();
    if (repository.has(beside.generic_string())) return {beside.generic_string()};
  }
  const std::string ending = "/" + std::string(include.name);
  std::vector<std::string> found;
  for (const auto& path : repository.paths) {
    if (path.ends_with(ending)) found.push_back(path);
  }
  return found;
}

bool may_include(const Area& area, std::string_view target) {
  if (is_within(target, area.folder)) return true;
  return std::ranges::any_of(area.may_include,
                             [&](std::string_view folder) { return is_within(target, folder); });
}

struct Owner {
  std::string_view header;  // how the include begins
  std::vector<std::string_view> folders;
};

// Which folders may include a library. Longer beginnings stand first.
const std::vector<Owner>& owners() {
  static const std::vector<Owner> table = {
      {"rocksdb/", {"ledger/store", "tests/ledger", "bench"}},
      {"boost/dll", {"core/host"}},
      {"openssl/", {"core/base"}},
      {"flatbuffers/", {"schemas", "ledger", "tools", "tests", "bench"}},
      {"nlohmann/", {"tools", "tests"}},
      {"CLI/", {"tools/cli", "tools/sample"}},
      {"spdlog/", {"tools"}},
      {"fmt/", {"core", "ledger", "tools", "tests", "bench"}},
      {"absl/", {"core/market"}},
      {"fast_float/", {"core/base", "core/market", "bench"}},
      {"zlib.h", {"core/market", "tools/app", "tests"}},
      {"zstd.h", {"ledger/blobs", "tests/ledger"}},
      {"elfutils/", {"tools/worker"}},
      {"gtest/", {"tests"}},
      {"gmock/", {"tests"}},
      {"rapidcheck", {"tests"}},
      {"benchmark/", {"bench"}},
  };
  return table;
}

// Headers of C and of the system: no library of somebody else.
bool is_system_header(std::string_view name) {
  static constexpr std::array kFolders = {"sys/", "gnu/", "linux/", "netinet/", "arpa/"};
  static constexpr std::array kHeaders = {
      "cxxabi.h",    "dlfcn.h",   "elf.h",      "execinfo.h", "fcntl.h",  "fenv.h",
      "float.h",     "limits.h",  "link.h",     "locale.h",   "math.h",   "poll.h",
      "pthread.h",   "pwd.h",     "sched.h",    "setjmp.h",   "signal.h", "spawn.h",
      "stdbool.h",   "stddef.h",  "stdint.h",   "stdio.h",    "stdlib.h", "string.h",
      "time.h",      "termios.h", "ucontext.h", "unwind.h",   "unistd.h", "xmmintrin.h",
      "immintrin.h", "cpuid.h",   "ftw.h",      "errno.h",    "getopt.h", "dirent.h"};
  if (!name.contains('.')) return !name.contains('/');
  return std::ranges::any_of(kFolders,
                             [&](std::string_view folder) { return name.starts_with(folder); }) ||
         std::ranges::find(kHeaders, name) != kHeaders.end();
}

template <class Visit>
void for_each_include(const SourceFile& file, Visit visit) {
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    if (const auto include = parse_include(file.lines[i])) visit(*include, i + 1);
  }
}

}  // namespace

Findings check_dependence_directions(const Repository& repository) {
  Findings findings;
  for (const auto& file : repository.files) {
    const Area* area = area_of(file.path);
    if (area == nullptr || !file.is_code()) continue;
    for_each_include(file, [&](const Include& include, std::size_t line) {
      const auto targets = targets_of(repository, file, include);
      if (targets.empty() || std::ranges::any_of(targets, [&](const auto& target) {
            return may_include(*area, target);
          }))
        return;
      findings.push_back(
          fmt::format("{}:{}: {} must not include {} of {}; the directions are in CONTRIBUTING.md",
                      file.path, line, area->folder, include.name, targets.front()));
    });
  }
  return findings;
}

Findings check_third_party_owners(const Repository& repository) {
  Findings findings;
  for (const auto& file : repository.files) {
    if (!file.is_code()) continue;
    for_each_include(file, [&](const Include& include, std::size_t line) {
      if (is_system_header(include.name) || !targets_of(repository, file, include).empty()) return;
      const auto owner = std::ranges::find_if(owners(), [&](const Owner& candidate) {
        return include.name.starts_with(candidate.header);
      });
      if (owner == owners().end()) {
        findings.push_back(
            fmt::format("{}:{}: no folder owns {}; name its owner in tests/tidy/include_rules.cpp",
                        file.path, line, include.name));
      } else if (std::ranges::none_of(owner->folders, [&](std::string_view folder) {
                   return file.is_under(folder);
                 })) {
        findings.push_back(fmt::format("{}:{}: {} is known only in {}", file.path, line,
                                       include.name, fmt::join(owner->folders, ", ")));
      }
    });
  }
  return findings;
}

}  // namespace runledger::tidy
