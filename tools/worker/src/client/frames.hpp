#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "status.hpp"

namespace runledger::worker {

// The stack in a record, innermost first, one text a frame: function, file and line where they are
// known, else the library and the offset in it. Frames of the worker program beneath the plugin's
// are left out. The libraries are read by the program runledger-symbolise, in a process of its own.
std::vector<std::string> frame_texts(const EndRecord& record, const std::filesystem::path& program,
                                     const std::filesystem::path& plugin);

}  // namespace runledger::worker
