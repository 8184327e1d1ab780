#pragma once

#include <cstdint>
#include <span>
#include <string>

#include <runledger/base/digest.hpp>

namespace runledger::ledger {

// One file of a runtime: the program or a shared object that was in the process of a run.
struct RuntimeFile {
  std::string path;  // as loaded
  Digest digest;
  std::uint64_t size = 0;
};

// The manifest of a runtime, a blob whose digest names the runtime. The files are given by path.
// Format: ledger/FORMAT.md, "Blobs".
std::string runtime_manifest(std::span<const RuntimeFile> files);

}  // namespace runledger::ledger
