// runledger-symbolise: names the frames of a stack. On stdin the addresses in hex on one line, then
// the /proc/PID/maps of the process that they come from; on stdout a line for each address, empty
// where nothing is known. Reads the libraries as files and loads none; a process of its own since
// it parses what strangers built.
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <cxxabi.h>
#include <elfutils/libdwfl.h>
#include <sys/resource.h>

namespace {

constexpr std::size_t kQuestionBytesMax = 1u << 20;
constexpr rlim_t kMemoryMax = 1u << 30;
constexpr rlim_t kSecondsMax = 5;

std::string read_question() {
  std::string text(kQuestionBytesMax, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), stdin));
  return text;
}

std::vector<std::uint64_t> parse_addresses(const std::string& line) {
  std::vector<std::uint64_t> addresses;
  std::istringstream words(line);
  words >> std::hex;
  for (std::uint64_t address = 0; words >> address;) addresses.push_back(address);
  return addresses;
}

std::string demangle(const char* symbol) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(
      abi::__cxa_demangle(symbol, nullptr, nullptr, &status), &std::free);
  return status == 0 && text != nullptr ? text.get() : symbol;
}

std::string describe(Dwfl* dwfl, std::uint64_t address) {
  Dwfl_Module* module = ::dwfl_addrmodule(dwfl, address);
  if (module == nullptr) return {};
  GElf_Off offset = 0;
  GElf_Sym symbol;
  const char* name =
      ::dwfl_module_addrinfo(module, address, &offset, &symbol, nullptr, nullptr, nullptr);
  if (name == nullptr) return {};
  std::string text = demangle(name);
  int line = 0;
  Dwfl_Line* source = ::dwfl_module_getsrc(module, address);
  const char* file = source == nullptr
                         ? nullptr
                         : ::dwfl_lineinfo(source, nullptr, &line, nullptr, nullptr, nullptr);
  if (file != nullptr) {
    return text + " at " + std::filesystem::path(file).filename().string() + ":" +
           std::to_string(line);
  }
  const char* path =
      ::dwfl_module_info(module, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr);
  return path == nullptr ? text : text + " in " + std::filesystem::path(path).filename().string();
}

}  // namespace

int main() {
  const rlimit memory{.rlim_cur = kMemoryMax, .rlim_max = kMemoryMax};
  const rlimit time{.rlim_cur = kSecondsMax, .rlim_max = kSecondsMax};
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  ::setrlimit(RLIMIT_AS, &memory);
#else
  static_cast<void>(memory);
#endif
  ::setrlimit(RLIMIT_CPU, &time);
  std::string question = read_question();
  const std::size_t first_line = question.find('\n');
  if (first_line == std::string::npos) return 2;
  std::string maps = question.substr(first_line + 1);
  const std::unique_ptr<FILE, int (*)(FILE*)> file(::fmemopen(maps.data(), maps.size(), "r"),
                                                   &std::fclose);
  const Dwfl_Callbacks callbacks{.find_elf = &::dwfl_linux_proc_find_elf,
                                 .find_debuginfo = &::dwfl_standard_find_debuginfo,
                                 .section_address = nullptr,
                                 .debuginfo_path = nullptr};
  Dwfl* dwfl = ::dwfl_begin(&callbacks);
  if (dwfl == nullptr || file == nullptr) return 1;
  ::dwfl_report_begin(dwfl);
  ::dwfl_linux_proc_maps_report(dwfl, file.get());
  ::dwfl_report_end(dwfl, nullptr, nullptr);
  for (const std::uint64_t address : parse_addresses(question.substr(0, first_line))) {
    std::puts(describe(dwfl, address).c_str());
  }
  ::dwfl_end(dwfl);
  return 0;
}
