#include "runtime.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include <runledger/base/text.hpp>

#include "files.hpp"

namespace runledger::app {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kObjectBytesMax = 1ULL << 30;

std::vector<fs::path> paths_of(const LoadedFiles& loaded, const fs::path& plugin) {
  std::vector<fs::path> paths;
  for (const auto& file : loaded)
    if (file->path != plugin) paths.emplace_back(file->path);
  std::ranges::sort(paths);
  paths.erase(std::ranges::unique(paths).begin(), paths.end());
  return paths;
}

// Where the manifest of these files in their present states is cached.
fs::path cached_manifest(const Context& context, const std::vector<fs::path>& paths) {
  Sha256 key;
  key.update("runledger/runtime-cache/v1\n");
  for (const fs::path& path : paths)
    key.update(path.string()).update("\n").update(file_state(path).value_or("none")).update("\n");
  return context.cache / "runtimes" / (key.finish().hex() + ".txt");
}

std::optional<RuntimeFile> file_in(std::string_view line) {
  const std::size_t first = line.find(' ');
  const std::size_t second = line.find(' ', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) return std::nullopt;
  const auto digest = Digest::from_hex(line.substr(0, first));
  const auto size = parse_uint(line.substr(first + 1, second - first - 1));
  if (!digest || !size) return std::nullopt;
  return RuntimeFile{std::string(line.substr(second + 1)), *digest, *size};
}

// The files that a manifest names; nothing unless it is one of exactly these paths.
std::optional<std::vector<RuntimeFile>> files_in(std::string_view manifest,
                                                 const std::vector<fs::path>& paths) {
  std::vector<RuntimeFile> files;
  for (const std::string_view line : split(manifest, '\n'))
    if (auto file = file_in(line)) files.push_back(std::move(*file));
  const bool same = std::ranges::equal(files, paths, {}, &RuntimeFile::path, &fs::path::native);
  if (!same || ledger::runtime_manifest(files) != manifest) return std::nullopt;
  return files;
}

Runtime runtime_of(std::vector<RuntimeFile> files) {
  Runtime runtime;
  runtime.manifest = ledger::runtime_manifest(files);
  runtime.digest = sha256(runtime.manifest);
  runtime.files = std::move(files);
  return runtime;
}

}  // namespace

Result<Runtime> name_runtime(const Context& context, const LoadedFiles& loaded,
                             const fs::path& plugin) {
  const std::vector<fs::path> paths = paths_of(loaded, plugin);
  const fs::path cached = cached_manifest(context, paths);
  if (const auto known = read_whole_file(cached, kObjectBytesMax)) {
    if (auto files = files_in(text_of(*known), paths)) return runtime_of(std::move(*files));
  }
  std::vector<RuntimeFile> files;
  for (const fs::path& path : paths) {
    RL_TRY(const Bytes bytes, read_whole_file(path, kObjectBytesMax));
    files.push_back({path.string(), sha256(bytes), bytes.size()});
  }
  Runtime runtime = runtime_of(std::move(files));
  // A cache that cannot be written costs time, nothing else.
  (void)write_cache_file(cached, bytes_of(runtime.manifest), false);
  return runtime;
}

Status keep_runtime(const ledger::BlobStore& blobs, const Runtime& runtime) {
  for (const RuntimeFile& file : runtime.files) {
    if (blobs.contains(file.digest)) continue;
    RL_TRY(const Bytes bytes, read_whole_file(file.path, kObjectBytesMax));
    RL_TRY(const Digest stored, blobs.put(bytes));
    if (stored != file.digest)
      return fail(ErrorCode::conflict,
                  file.path + " changed while the run was recorded; run it again");
  }
  if (blobs.contains(runtime.digest)) return {};
  RL_TRY([[maybe_unused]] const Digest manifest, blobs.put(bytes_of(runtime.manifest)));
  return {};
}

}  // namespace runledger::app
