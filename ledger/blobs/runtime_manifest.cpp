#include <runledger/ledger/runtime_manifest.hpp>

namespace runledger::ledger {

std::string runtime_manifest(std::span<const RuntimeFile> files) {
  std::string text = "runledger/runtime/v1\n";
  for (const RuntimeFile& file : files)
    text += file.digest.hex() + ' ' + std::to_string(file.size) + ' ' + file.path + '\n';
  return text;
}

}  // namespace runledger::ledger
