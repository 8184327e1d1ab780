#include "soname.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <unistd.h>

#include <runledger/base/fd.hpp>

namespace runledger::worker {
namespace {

constexpr std::size_t kSegmentsMax = 256;
constexpr std::size_t kDynamicEntriesMax = 4096;
constexpr std::size_t kNameBytesMax = 256;  // with its NUL
constexpr unsigned char kClass = sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32;

class ElfFile {
 public:
  explicit ElfFile(Fd fd) : fd_(std::move(fd)) {}

  // The elements of an array that are there, at most `count`.
  template <class T>
  [[nodiscard]] std::vector<T> read(std::uint64_t offset, std::size_t count) const {
    std::vector<T> elements(count);
    const ssize_t size =
        ::pread(fd_.get(), elements.data(), count * sizeof(T), static_cast<off_t>(offset));
    elements.resize(size < 0 ? 0 : static_cast<std::size_t>(size) / sizeof(T));
    return elements;
  }

  [[nodiscard]] std::string soname() {
    const auto header = read<ElfW(Ehdr)>(0, 1);
    if (header.empty() || std::memcmp(&header[0].e_ident[0], ELFMAG, SELFMAG) != 0 ||
        header[0].e_ident[EI_CLASS] != kClass || header[0].e_phentsize != sizeof(ElfW(Phdr)))
      return {};
    segments_ =
        read<ElfW(Phdr)>(header[0].e_phoff, std::min<std::size_t>(header[0].e_phnum, kSegmentsMax));
    const auto dynamic = std::ranges::find(segments_, ElfW(Word){PT_DYNAMIC}, &ElfW(Phdr)::p_type);
    return dynamic == segments_.end() ? std::string() : soname_in(*dynamic);
  }

 private:
  [[nodiscard]] std::string soname_in(const ElfW(Phdr) & dynamic) const {
    std::optional<std::uint64_t> texts, name;
    const std::size_t count = dynamic.p_filesz / sizeof(ElfW(Dyn));
    for (const ElfW(Dyn) & entry :
         read<ElfW(Dyn)>(dynamic.p_offset, std::min(count, kDynamicEntriesMax))) {
      if (entry.d_tag == DT_NULL) break;
      if (entry.d_tag == DT_STRTAB) texts = entry.d_un.d_ptr;
      if (entry.d_tag == DT_SONAME) name = entry.d_un.d_val;
    }
    return texts && name ? text_at(*texts + *name) : std::string();
  }

  // The text at an address of the loaded file.
  [[nodiscard]] std::string text_at(std::uint64_t address) const {
    for (const ElfW(Phdr) & segment : segments_) {
      if (segment.p_type != PT_LOAD || address < segment.p_vaddr ||
          address - segment.p_vaddr >= segment.p_filesz)
        continue;
      const auto text = read<char>(segment.p_offset + (address - segment.p_vaddr), kNameBytesMax);
      const auto end = std::ranges::find(text, '\0');
      if (end != text.end()) return {text.begin(), end};
    }
    return {};
  }

  Fd fd_;
  std::vector<ElfW(Phdr)> segments_;
};

}  // namespace

std::optional<std::string> soname_of(const std::string& path) {
  Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) return std::nullopt;
  return ElfFile(std::move(fd)).soname();
}

}  // namespace runledger::worker
