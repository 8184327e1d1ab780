#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <runledger/app/context.hpp>
#include <runledger/base/bytes.hpp>
#include <runledger/base/digest.hpp>
#include <runledger/base/result.hpp>
#include <runledger/schemas/worker_generated.h>
#include <runledger/worker/worker.hpp>

namespace runledger::app {

inline constexpr std::uint64_t kPluginBytesMax = 256ULL << 20;

// A plugin's bytes, read once, and the file that a worker loads: a copy named by their digest,
// which nobody rebuilds under a live mapping.
struct PluginFile {
  std::string name;  // of the file, for people: `sma_cross.so`
  Bytes bytes;
  Digest digest{};
  std::filesystem::path copy;  // <cache>/plugins/<digest>.so, equal to `bytes`
};

// Makes the cache's folders that code is loaded from. Errors: write_failed (others may change what
// is in them, or there are none).
Status check_cache(const Context& context);

// Reads and copies a file. Errors: not_found, invalid_input, too_large, io, write_failed.
Result<PluginFile> take_plugin(const Context& context, const std::filesystem::path& file);
// The same for bytes that came from a ledger's blobs.
Result<PluginFile> take_plugin(const Context& context, std::string name, Bytes bytes);

// What a worker says about a plugin: from the cache when this worker program, with the libraries
// that are there now, has described these bytes before, `fresh` or else by asking it. A plugin that
// brings the worker down is described by one refusal that says how, and is asked again the next
// time.
Result<schema::DescribeReplyT> describe_plugin(const Context& context, const PluginFile& plugin,
                                               worker::Worker& worker, bool fresh);

// Every `*.so` in the folders of the context, in order of search, by name within a folder.
// Errors: invalid_input (a folder that was named does not exist).
Result<std::vector<std::filesystem::path>> plugin_files(const Context& context);

// The worker of this installation, not yet started: without a debugger, or under the context's.
worker::Worker make_worker(const Context& context);
worker::Worker make_debugged_worker(const Context& context);

}  // namespace runledger::app
