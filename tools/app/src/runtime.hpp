#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <runledger/app/context.hpp>
#include <runledger/base/digest.hpp>
#include <runledger/base/result.hpp>
#include <runledger/ledger/blobs.hpp>
#include <runledger/ledger/runtime_manifest.hpp>
#include <runledger/schemas/worker_generated.h>

namespace runledger::app {

using ledger::RuntimeFile;

// The program and the shared objects, other than the plugin, that were in the process of a run.
struct Runtime {
  std::vector<RuntimeFile> files;  // by path
  std::string manifest;            // a blob
  Digest digest{};                 // of the manifest
};

using LoadedFiles = std::vector<std::unique_ptr<schema::LoadedFileT>>;

// Names the files by content; from the cache while no file has changed. Errors: io, invalid_input
// (a file whose name is not printable).
Result<Runtime> name_runtime(const Context& context, const LoadedFiles& loaded,
                             const std::filesystem::path& plugin);

// Puts files and manifest into the blobs. Errors: write_failed, io, conflict (a file has changed
// since it was named).
Status keep_runtime(const ledger::BlobStore& blobs, const Runtime& runtime);

}  // namespace runledger::app
