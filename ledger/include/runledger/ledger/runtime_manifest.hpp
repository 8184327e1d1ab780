#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <runledger/base/digest.hpp>
#include <runledger/schemas/run_generated.h>

namespace runledger::ledger {

// One file of a runtime: the worker program, the dynamic loader that interprets it, or a shared
// object other than the plugin that was in the process of a run.
struct RuntimeFile {
  std::string path;  // where it was; not in the manifest
  Digest digest{};
  std::uint64_t size = 0;  // bytes
  std::string name{};      // what the dynamic loader finds it by; is_runtime_name() holds
  schema::RuntimeRole role = schema::RuntimeRole::none;
};

// Whether a file of this name can be named by a manifest and be put into one folder with the
// others: 1 to 255 bytes of printable UTF-8 without `/`, neither `.` nor `..`.
bool is_runtime_name(std::string_view name);

// The manifest of a runtime, a blob whose digest names the runtime: the same for the same files,
// wherever they are and in whatever order they are given. Names that are none are a bug of the
// caller.
// Format: ledger/FORMAT.md, "Runtimes".
std::string runtime_manifest(std::span<const RuntimeFile> files);

}  // namespace runledger::ledger
