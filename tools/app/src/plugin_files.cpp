#include "plugin_files.hpp"

#include <algorithm>
#include <system_error>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <runledger/base/errno_text.hpp>
#include <runledger/base/text.hpp>

#include "files.hpp"

namespace runledger::app {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kDescriptionBytesMax = 16ULL << 20;

// The answer depends on the bytes, on the program that gives it and on the libraries of both: it
// holds while these are older than it.
fs::path description_path(const Context& context, const PluginFile& plugin) {
  const Digest key = Sha256()
                         .update("runledger/description/v2\n")
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
  const auto holds = [&](const auto& library) { return is_older(library->path, path); };
  if (!std::ranges::all_of(reply.loaded, holds)) return std::nullopt;
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

bool only_mine(const struct stat& state) {
  return state.st_uid == ::geteuid() && (state.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

// Code is loaded from the cache, so nobody else may own it, write to it or put another in its
// place.
Status own_folder(const fs::path& folder) {
  const std::error_code error = make_private_folder(folder);
  struct stat state{};
  if (::lstat(folder.c_str(), &state) != 0)
    return fail(ErrorCode::write_failed,
                fmt::format("the cache folder {} cannot be made: {}; name another with "
                            "XDG_CACHE_HOME",
                            folder.string(), errno_text(error.value())));
  std::string found;
  if (!S_ISDIR(state.st_mode)) {
    found = S_ISLNK(state.st_mode) ? "is a symbolic link" : "is not a folder";
  } else if (state.st_uid != ::geteuid()) {
    found = fmt::format("belongs to user id {}", state.st_uid);
  } else if (!only_mine(state)) {
    found = fmt::format("can be written by others (its mode is {:04o}; `chmod go-w` ends that)",
                        state.st_mode & 07777U);
  }
  if (found.empty()) return {};
  return fail(ErrorCode::write_failed,
              fmt::format("the cache folder {} {}, and code is loaded from it; name one of your "
                          "own with XDG_CACHE_HOME",
                          folder.string(), found));
}

// Whether the copy is there, equal, and nobody else can change it.
bool is_whole_copy(const PluginFile& plugin) {
  struct stat state{};
  if (::lstat(plugin.copy.c_str(), &state) != 0 || !S_ISREG(state.st_mode) || !only_mine(state))
    return false;
  const auto present = read_whole_file(plugin.copy, kPluginBytesMax);
  return present && *present == plugin.bytes;
}

Result<PluginFile> with_copy(const Context& context, PluginFile plugin) {
  RL_TRY_VOID(check_cache(context));
  plugin.digest = sha256(plugin.bytes);
  plugin.copy = context.cache / "plugins" / (plugin.digest.hex() + ".so");
  if (!is_whole_copy(plugin)) RL_TRY_VOID(write_cache_file(plugin.copy, plugin.bytes, true));
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
                                                      folder.string(), errno_text(code.value())));
  std::ranges::sort(found);
  files.insert(files.end(), found.begin(), found.end());
  return {};
}

}  // namespace

Status check_cache(const Context& context) {
  RL_TRY_VOID(own_folder(context.cache));
  return own_folder(context.cache / "plugins");
}

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
  if (context.describe_timeout)
    options.describe_timeout = std::min(options.describe_timeout, *context.describe_timeout);
  options.describe_cancelled = context.interrupted;
  return worker::Worker(std::move(options));
}

worker::Worker make_debugged_worker(const Context& context) {
  worker::WorkerOptions options;
  options.program = context.layout.worker;
  options.under = context.under.value_or("");
  return worker::Worker(std::move(options));
}

}  // namespace runledger::app
