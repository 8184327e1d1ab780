#include "runtime.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <runledger/base/text.hpp>

#include "files.hpp"

namespace runledger::app {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kObjectBytesMax = 1ULL << 30;

// The files by path, not yet read.
Result<std::vector<RuntimeFile>> files_of(const LoadedFiles& loaded, const fs::path& plugin) {
  std::vector<RuntimeFile> files;
  for (const auto& one : loaded) {
    if (one->path == plugin) continue;
    RuntimeFile file{.path = one->path, .name = one->name, .role = one->role};
    if (!ledger::is_runtime_name(file.name)) file.name = fs::path(file.path).filename().string();
    if (!ledger::is_runtime_name(file.name))
      return fail(ErrorCode::invalid_input,
                  fmt::format("the run has loaded {}, whose name cannot be recorded; expected a "
                              "file with a printable name",
                              file.path));
    if (*schema::EnumNameRuntimeRole(file.role) == '\0' || file.role == schema::RuntimeRole::none)
      file.role = schema::RuntimeRole::library;
    files.push_back(std::move(file));
  }
  std::ranges::sort(files, {}, &RuntimeFile::path);
  files.erase(std::ranges::unique(files, {}, &RuntimeFile::path).begin(), files.end());
  return files;
}

// Where digests and sizes of these files in their present states are cached.
fs::path cached_contents(const Context& context, const std::vector<RuntimeFile>& files) {
  Sha256 key;
  key.update("runledger/runtime-cache/v2\n");
  for (const RuntimeFile& file : files)
    key.update(file.path).update("\n").update(file_state(file.path).value_or("none")).update("\n");
  return context.cache / "runtimes" / (key.finish().hex() + ".txt");
}

std::string contents_text(const std::vector<RuntimeFile>& files) {
  std::string text;
  for (const RuntimeFile& file : files)
    text += fmt::format("{} {}\n", file.digest.hex(), file.size);
  return text;
}

// False unless the text is one that contents_text() makes of this many files.
bool take_contents(std::string_view text, std::vector<RuntimeFile>& files) {
  const auto lines = split(text, '\n');
  if (lines.size() != files.size() + 1) return false;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto parts = split(lines[i], ' ');
    const auto digest = Digest::from_hex(parts.front());
    const auto size = parse_uint(parts.back());
    if (!digest || !size) return false;
    files[i].digest = *digest;
    files[i].size = *size;
  }
  return contents_text(files) == text;
}

Status read_contents(const Context& context, std::vector<RuntimeFile>& files) {
  const fs::path cached = cached_contents(context, files);
  const auto known = read_whole_file(cached, kObjectBytesMax);
  if (known && take_contents(text_of(*known), files)) return {};
  for (RuntimeFile& file : files) {
    RL_TRY(const Bytes bytes, read_whole_file(file.path, kObjectBytesMax));
    file.digest = sha256(bytes);
    file.size = bytes.size();
  }
  // A cache that cannot be written costs time, nothing else.
  (void)write_cache_file(cached, bytes_of(contents_text(files)), false);
  return {};
}

}  // namespace

Result<Runtime> name_runtime(const Context& context, const LoadedFiles& loaded,
                             const fs::path& plugin) {
  Runtime runtime;
  RL_TRY(runtime.files, files_of(loaded, plugin));
  RL_TRY_VOID(read_contents(context, runtime.files));
  runtime.manifest = ledger::runtime_manifest(runtime.files);
  runtime.digest = sha256(runtime.manifest);
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
