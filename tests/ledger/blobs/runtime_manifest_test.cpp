// Its bytes: tests/ledger/format_test.cpp.
#include <algorithm>

#include <gtest/gtest.h>

#include <runledger/ledger/runtime_manifest.hpp>

namespace runledger::ledger {
namespace {

using schema::RuntimeRole;

RuntimeFile library(const std::string& folder, const std::string& name,
                    std::string_view content = "content") {
  return {.path = folder + "/" + name,
          .digest = sha256(content),
          .size = content.size(),
          .name = name,
          .role = RuntimeRole::library};
}

TEST(RuntimeManifest, IsTheSameWhereverTheFilesAreAndInWhateverOrder) {
  const std::vector files{library("/usr/lib", "liba.so.1"), library("/usr/lib", "libb.so.1"),
                          library("/usr/lib", "liba.so.1", "another of this name")};
  std::vector<RuntimeFile> moved = files;
  for (RuntimeFile& file : moved) file.path = "/home/ada/" + file.name;
  std::ranges::reverse(moved);
  EXPECT_EQ(runtime_manifest(moved), runtime_manifest(files));
}

TEST(RuntimeManifest, NamesAFileThatWasLoadedFromTwoPlacesOnce) {
  const std::vector once{library("/usr/lib", "liba.so.1")};
  const std::vector twice{library("/usr/lib", "liba.so.1"), library("/opt/lib", "liba.so.1")};
  EXPECT_EQ(runtime_manifest(twice), runtime_manifest(once));
}

TEST(RuntimeManifest, DiffersWhenAnythingButAPathDoes) {
  const RuntimeFile file = library("/usr/lib", "liba.so.1");
  const auto text = [](RuntimeFile changed) { return runtime_manifest(std::vector{changed}); };
  RuntimeFile content = file, size = file, name = file, role = file;
  content.digest = sha256("other");
  size.size += 1;
  name.name = "libb.so.1";
  role.role = RuntimeRole::program;
  for (const RuntimeFile& changed : {content, size, name, role})
    EXPECT_NE(text(changed), text(file));
}

TEST(RuntimeManifest, TakesNamesThatCanBeFilesOfOneFolder) {
  for (const char* name : {"libstdc++.so.6", "a", "with blank", "größe.so"})
    EXPECT_TRUE(is_runtime_name(name)) << name;
  EXPECT_TRUE(is_runtime_name(std::string(255, 'a')));
}

TEST(RuntimeManifest, RefusesNamesThatLeaveTheirFolderOrTheirLine) {
  for (const char* name : {"", ".", "..", "a/b", "/etc/passwd", "two\nlines", "tab\t", "\xff.so"})
    EXPECT_FALSE(is_runtime_name(name)) << name;
  EXPECT_FALSE(is_runtime_name(std::string(256, 'a')));
}

}  // namespace
}  // namespace runledger::ledger
