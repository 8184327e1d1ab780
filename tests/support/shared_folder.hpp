#pragma once

#include <cstdlib>
#include <filesystem>

namespace runledger::test {

// The folder of reference data beside the repository (or RUNLEDGER_SHARED); empty when there is
// none.
inline std::filesystem::path shared_folder() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): tests have one thread when they read it
  const char* named = std::getenv("RUNLEDGER_SHARED");
  const std::filesystem::path folder = named != nullptr
                                           ? std::filesystem::path(named)
                                           : std::filesystem::path(RL_SOURCE_DIR) / ".." / "shared";
  return std::filesystem::is_directory(folder / "reference" / "parity") ? folder
                                                                        : std::filesystem::path();
}

}  // namespace runledger::test
