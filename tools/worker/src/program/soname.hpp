#pragma once

#include <optional>
#include <string>

namespace runledger::worker {

// The DT_SONAME of a shared object; empty when the file has none or is no ELF file of this
// machine's kind. Nothing when it cannot be read. Believes nothing that it finds in the file.
std::optional<std::string> soname_of(const std::string& path);

}  // namespace runledger::worker
