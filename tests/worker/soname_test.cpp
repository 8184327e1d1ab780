#include "soname.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include <elf.h>
#include <gtest/gtest.h>
#include <link.h>
#include <rapidcheck/gtest.h>

#include "temporary_directory.hpp"

namespace runledger::worker {
namespace {

// The shared object of this process whose path has this part.
std::string loaded(const std::string& part) {
  std::pair<std::string, std::string> wanted{part, ""};
  ::dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* argument) {
        auto& [name, path] = *static_cast<std::pair<std::string, std::string>*>(argument);
        path = info->dlpi_name;
        return path.find(name) == std::string::npos ? 0 : 1;
      },
      &wanted);
  return wanted.second;
}

class Soname : public ::testing::Test {
 protected:
  [[nodiscard]] std::optional<std::string> of_file(std::string_view bytes) const {
    const std::string path = directory_.path() / "file";
    std::ofstream(path, std::ios::binary) << bytes;
    return soname_of(path);
  }

 private:
  test::TemporaryDirectory directory_;
};

TEST_F(Soname, IsWhatTheDynamicLoaderAsksFor) {
  EXPECT_EQ(soname_of(loaded("/libc.so.")), "libc.so.6");
  EXPECT_EQ(soname_of(loaded("/libstdc++.so.")), "libstdc++.so.6");
}

TEST_F(Soname, IsEmptyForWhatHasNone) {
  EXPECT_EQ(soname_of(WORKER_PROGRAM), "");
  EXPECT_EQ(of_file(""), "");
  EXPECT_EQ(of_file("#!/bin/sh\necho not an ELF file, and longer than the head of one\n"), "");
}

TEST_F(Soname, IsNothingOfAFileThatIsNotThere) {
  EXPECT_EQ(soname_of("/nowhere/liba.so"), std::nullopt);
}

RC_GTEST_FIXTURE_PROP(Soname, IsReadFromDamagedFilesWithoutBelievingThem, ()) {
  static const std::string library = [] {
    std::ifstream file(loaded("/ld-linux"), std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }();
  // Where everything is that a name hangs on: the head and the table of segments behind it.
  constexpr int kHeadBytes = sizeof(ElfW(Ehdr)) + 16 * sizeof(ElfW(Phdr));
  std::string damaged = library;
  for (int i = *rc::gen::inRange(1, 8); i > 0; --i)
    damaged[static_cast<std::size_t>(*rc::gen::inRange(0, kHeadBytes))] =
        *rc::gen::arbitrary<char>();
  damaged.resize(*rc::gen::element(damaged.size(), damaged.size() / 2, std::size_t{100}));
  const auto name = of_file(damaged);
  RC_ASSERT(name.has_value());
  RC_ASSERT(name->size() < 256U);
}

}  // namespace
}  // namespace runledger::worker
