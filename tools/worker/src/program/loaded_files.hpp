#pragma once

#include <memory>
#include <string>
#include <vector>

#include <runledger/schemas/worker_generated.h>

namespace runledger::worker {

// Every file that this process runs code from: the program, the dynamic loader and the shared
// objects, the one at path `but` apart. In order of address; each once. Empty when one of them
// cannot be read.
std::vector<std::unique_ptr<schema::LoadedFileT>> loaded_files(const std::string& but);

// What the linker named this program by: its build id in hex, empty when it has none.
std::string build_id();

}  // namespace runledger::worker
