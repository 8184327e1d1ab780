#include "loaded_files.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <elf.h>
#include <link.h>

#include <runledger/base/digest.hpp>

namespace runledger::worker {
namespace {

// Looks through the notes of the first object, which is the program itself.
int find_build_id(dl_phdr_info* info, std::size_t, void* result) {
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) continue;
    const auto* at = reinterpret_cast<const std::uint8_t*>(info->dlpi_addr + segment.p_vaddr);
    const std::uint8_t* const end = at + segment.p_memsz;
    while (at + sizeof(ElfW(Nhdr)) <= end) {
      ElfW(Nhdr) note;
      std::memcpy(&note, at, sizeof note);
      const std::uint8_t* name = at + sizeof note;
      const std::uint8_t* description = name + ((note.n_namesz + 3U) & ~3U);
      if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 &&
          std::memcmp(name, "GNU", 4) == 0) {
        *static_cast<std::string*>(result) = to_hex({description, note.n_descsz});
        return 1;
      }
      at = description + ((note.n_descsz + 3U) & ~3U);
    }
  }
  return 1;
}

}  // namespace

std::vector<std::unique_ptr<schema::LoadedFileT>> loaded_files(const std::string& but) {
  std::error_code error;
  const std::string left_out = std::filesystem::canonical(but, error).string();
  // address perms offset dev inode path
  constexpr std::size_t kFieldsBeforePath = 5;
  std::vector<std::unique_ptr<schema::LoadedFileT>> files;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    const std::size_t permissions = line.find(' ') + 1;
    const std::size_t path = line.find('/');
    if (path == std::string::npos || line.compare(permissions + 2, 1, "x") != 0) continue;
    if (std::count(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(path), ' ') <
        static_cast<std::ptrdiff_t>(kFieldsBeforePath)) {
      continue;
    }
    std::string name = line.substr(path);
    const auto same = [&](const auto& file) { return file->path == name; };
    if (name == left_out || std::ranges::any_of(files, same)) continue;
    auto file = std::make_unique<schema::LoadedFileT>();
    file->path = std::move(name);
    files.push_back(std::move(file));
  }
  return files;
}

std::string build_id() {
  std::string id;
  ::dl_iterate_phdr(&find_build_id, &id);
  return id;
}

}  // namespace runledger::worker
