#include "loaded_files.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>

#include <elf.h>
#include <link.h>

#include <runledger/base/digest.hpp>

#include "soname.hpp"

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

// Executable memory that a file is mapped to.
struct Code {
  std::uintptr_t begin = 0, end = 0;
  std::string path;

  [[nodiscard]] bool has(std::uintptr_t address) const { return begin <= address && address < end; }
};

// From a line of /proc/self/maps: `BEGIN-END PERMISSIONS OFFSET DEVICE INODE PATH`.
std::optional<Code> code_in(const std::string& line) {
  constexpr int kBase = 16;
  const std::size_t dash = line.find('-');
  const std::size_t permissions = line.find(' ') + 1;
  const std::size_t path = line.find(" /") + 1;
  if (dash == std::string::npos || path == 0 || line.compare(permissions + 2, 1, "x") != 0)
    return std::nullopt;
  Code code;
  std::from_chars(line.data(), line.data() + dash, code.begin, kBase);
  std::from_chars(line.data() + dash + 1, line.data() + permissions - 1, code.end, kBase);
  code.path = line.substr(path);
  return code;
}

schema::RuntimeRole role_of(const Code& code) {
  if (code.has(reinterpret_cast<std::uintptr_t>(&loaded_files)))
    return schema::RuntimeRole::program;
  // Where the dynamic loader calls itself whenever it loads something, for debuggers.
  if (code.has(_r_debug.r_brk)) return schema::RuntimeRole::interpreter;
  return schema::RuntimeRole::library;
}

}  // namespace

std::vector<std::unique_ptr<schema::LoadedFileT>> loaded_files(const std::string& but) {
  std::error_code error;
  const std::string left_out = std::filesystem::canonical(but, error).string();
  std::vector<std::unique_ptr<schema::LoadedFileT>> files;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    const auto code = code_in(line);
    const auto same = [&](const auto& file) { return file->path == code->path; };
    if (!code || code->path == left_out || std::ranges::any_of(files, same)) continue;
    const auto soname = soname_of(code->path);
    if (!soname) return {};
    auto file = std::make_unique<schema::LoadedFileT>();
    file->path = code->path;
    file->name = soname->empty() ? code->path.substr(code->path.rfind('/') + 1) : *soname;
    file->role = role_of(*code);
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
