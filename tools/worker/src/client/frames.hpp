#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "status.hpp"

namespace runledger::worker {

// The files that a worker runs code from.
struct CodeFiles {
  std::filesystem::path program;
  std::filesystem::path plugin;
  std::string plugin_name;  // what people call it: the file may be a copy named by its content
};

// The stack in a record, innermost first, one text a frame: function, file and line where they are
// known, else the library and the offset in it. Frames of the worker program beneath the plugin's
// are left out. The libraries are read by the program runledger-symbolise, in a process of its own.
std::vector<std::string> frame_texts(const EndRecord& record, const CodeFiles& files);

}  // namespace runledger::worker
