#include "plugin_files.hpp"

#include <algorithm>
#include <system_error>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <runledger/base/text.hpp>

#include "files.hpp"

namespace runledger::app {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kDescriptionBytesMax = 16ULL << 20;

// The answer depends on the bytes and on the program that gives it.
fs::path description_path(const Context& context, const PluginFile& plugin) {
  const Digest key = Sha256()
                         .update("runledger/description/v1\n")
                         .update(plugin.digest.bytes)
                         .update(context.layout.worker.string())
                         .update("\n")
                         .update(file_state(context.layout.worker).value_or("none"))
                         .finish();
  return context.cache / "descriptions" / (key.hex() + ".bin");
}

// A description with the digest of its bytes in front.
std::optional<schema::DescribeReplyT> read_description(const fs::path& path) {
  const auto bytes = read_whole_file(path, kDescriptionBytesMax);
  constexpr std::size_t kDigestBytes = sizeof(Digest::bytes);
  if (!bytes || bytes->size() <= kDigestBytes) return std::nullopt;
  // FlatBuffers reads aligned memory only: a copy of what follows the digest.
  const Bytes message(bytes->begin() + kDigestBytes, bytes->end());
  if (!std::ranges::equal(sha256(message).bytes, ByteView(*bytes).first(kDigestBytes)))
    return std::nullopt;
  flatbuffers::Verifier verifier(message.data(), message.size());
  if (!verifier.VerifyBuffer<schema::DescribeReply>(nullptr)) return std::nullopt;
  schema::DescribeReplyT reply;
  flatbuffers::GetRoot<schema::DescribeReply>(message.data())->UnPackTo(&reply);
  return reply;
}

// A cache that cannot be written costs time, nothing else.
void keep_description(const fs::path& path, const schema::DescribeReplyT& reply) {
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(schema::DescribeReply::Pack(builder, &reply));
  const ByteView message(builder.GetBufferPointer(), builder.GetSize());
  const Bytes bytes = ByteWriter().raw(sha256(message).bytes).raw(message).take();
  (void)write_cache_file(path, bytes, false);
}

// Code is loaded from the cache, so nobody else may own it.
Status own_cache(const fs::path& cache) {
  std::error_code code;
  if (fs::create_directories(cache, code)) fs::permissions(cache, fs::perms::owner_all, code);
  struct stat state{};
  if (::stat(cache.c_str(), &state) != 0)
    return fail(ErrorCode::write_failed,
                fmt::format("the cache folder {} cannot be made: {}; name another with "
                            "XDG_CACHE_HOME",
                            cache.string(), code.message()));
  if (state.st_uid != ::geteuid())
    return fail(
        ErrorCode::write_failed,
        fmt::format("the cache folder {} belongs to user id {}, and code is loaded from it; "
                    "name one of your own with XDG_CACHE_HOME",
                    cache.string(), state.st_uid));
  return {};
}

Result<PluginFile> with_copy(const Context& context, PluginFile plugin) {
  RL_TRY_VOID(own_cache(context.cache));
  plugin.digest = sha256(plugin.bytes);
  plugin.copy = context.cache / "plugins" / (plugin.digest.hex() + ".so");
  const auto present = read_whole_file(plugin.copy, kPluginBytesMax);
  if (!present || *present != plugin.bytes)
    RL_TRY_VOID(write_cache_file(plugin.copy, plugin.bytes, true));
  return plugin;
}

Status add_plugins_in(const fs::path& folder, std::vector<fs::path>& files) {
  std::error_code code;
  std::vector<fs::path> found;
  for (fs::directory_iterator entry(folder, code), end; !code && entry != end;
       entry.increment(code)) {
    if (entry->path().extension() == ".so") found.push_back(entry->path());
  }
  if (code)
    return fail(ErrorCode::invalid_input, fmt::format("the plugins folder {} cannot be read: {}",
                                                      folder.string(), code.message()));
  std::ranges::sort(found);
  files.insert(files.end(), found.begin(), found.end());
  return {};
}

}  // namespace

Result<PluginFile> take_plugin(const Context& context, const fs::path& file) {
  PluginFile plugin;
  plugin.name = file.filename().string();
  RL_TRY(plugin.bytes, read_whole_file(file, kPluginBytesMax));
  return with_copy(context, std::move(plugin));
}

Result<PluginFile> take_plugin(const Context& context, std::string name, Bytes bytes) {
  PluginFile plugin;
  plugin.name = std::move(name);
  plugin.bytes = std::move(bytes);
  return with_copy(context, std::move(plugin));
}

Result<schema::DescribeReplyT> describe_plugin(const Context& context, const PluginFile& plugin,
                                               worker::Worker& worker, bool fresh) {
  const fs::path path = description_path(context, plugin);
  if (!fresh) {
    if (auto known = read_description(path)) return std::move(*known);
  }
  RL_TRY(auto outcome, worker.describe(plugin.copy, plugin.name));
  if (outcome) {
    keep_description(path, *outcome);
    return std::move(*outcome);
  }
  // How a worker was lost may be the machine's doing: the next time it is asked again.
  schema::DescribeReplyT lost;
  lost.refusals.push_back(std::move(outcome).error().message);
  return lost;
}

Result<std::vector<fs::path>> plugin_files(const Context& context) {
  std::vector<fs::path> files;
  for (const auto* folders : {&context.plugin_folders, &context.layout.plugin_folders})
    for (const fs::path& folder : *folders) RL_TRY_VOID(add_plugins_in(folder, files));
  return files;
}

worker::Worker make_worker(const Context& context) {
  worker::WorkerOptions options;
  options.program = context.layout.worker;
  return worker::Worker(std::move(options));
}

worker::Worker make_debugged_worker(const Context& context) {
  worker::WorkerOptions options;
  options.program = context.layout.worker;
  options.under = context.under;
  return worker::Worker(std::move(options));
}

}  // namespace runledger::app
