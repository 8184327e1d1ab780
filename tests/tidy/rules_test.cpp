#include "rules.hpp"

#include <array>
#include <fstream>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "temporary_directory.hpp"

namespace runledger::tidy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A small repository, written file by file.
class Rules : public ::testing::Test {
 protected:
  void write(const std::string& path, std::string_view text) {
    const auto full = directory_.path() / path;
    std::filesystem::create_directories(full.parent_path());
    std::ofstream(full) << text;
  }
  Repository read() { return read_repository(directory_.path()); }

 private:
  test::TemporaryDirectory directory_;
};

TEST_F(Rules, ReadOnlyWhatIsKept) {
  write(".gitignore", "/build/\n/runledger\n.cache/\n");
  write("build/x.cpp", "");
  write("runledger", "");
  write(".git/x.cpp", "");
  write("core/build/x.cpp", "");
  const auto repository = read();
  EXPECT_THAT(repository.paths, ElementsAre(".gitignore", "core/build/x.cpp"));
  EXPECT_THAT(repository.top_folders, ElementsAre("core"));
}

TEST_F(Rules, AllowIncludesDownTheDirections) {
  write("core/base/include/runledger/base/time.hpp", "");
  write("core/market/src/gaps.hpp", "");
  write("core/market/src/gaps.cpp", "#include \"gaps.hpp\"\n#include <runledger/base/time.hpp>\n");
  write("ledger/store/database.cpp", "#include <runledger/schemas/event_generated.h>\n");
  write("tests/market/gaps_test.cpp", "#include <runledger/base/time.hpp>\n");
  EXPECT_THAT(check_dependence_directions(read()), IsEmpty());
}

TEST_F(Rules, RefuseAPluginThatSeesTheEngine) {
  write("core/engine/include/runledger/engine/run.hpp", "");
  write("plugins/sma_cross/sma_cross.cpp", "\n#include <runledger/engine/run.hpp>\n");
  EXPECT_THAT(
      check_dependence_directions(read()),
      ElementsAre(HasSubstr("plugins/sma_cross/sma_cross.cpp:2: plugins must not include")));
}

TEST_F(Rules, RefuseACoreThatSeesTheLedgerAndTheReverse) {
  write("core/engine/src/loop.cpp", "#include <runledger/ledger/ledger.hpp>\n");
  write("core/engine/include/runledger/engine/run.hpp", "");
  write("ledger/include/runledger/ledger/ledger.hpp", "");
  write("ledger/store/reader.cpp", "#include <runledger/engine/run.hpp>\n");
  EXPECT_THAT(
      check_dependence_directions(read()),
      ElementsAre(HasSubstr("core/engine/src/loop.cpp:1"), HasSubstr("ledger/store/reader.cpp:1")));
}

TEST_F(Rules, RefuseAPrivateHeaderOfAnotherArea) {
  write("core/engine/src/account.hpp", "");
  write("tools/cli/src/show.cpp", "#include \"account.hpp\"\n");
  EXPECT_THAT(check_dependence_directions(read()),
              ElementsAre(HasSubstr("tools/cli must not include account.hpp")));
}

TEST_F(Rules, RefuseALibraryOutsideItsOwner) {
  write("ledger/store/database.cpp",
        "#include <rocksdb/db.h>\n#include <vector>\n#include <unistd.h>\n");
  write("ledger/query/plan.cpp", "#include <rocksdb/db.h>\n");
  write("tools/cli/src/show.cpp", "#include <boost/dll.hpp>\n");
  EXPECT_THAT(
      check_third_party_owners(read()),
      ElementsAre(HasSubstr("ledger/query/plan.cpp:1: rocksdb/db.h is known only in ledger/store"),
                  HasSubstr("boost/dll.hpp is known only in core/host")));
}

TEST_F(Rules, RefuseALibraryThatNobodyOwns) {
  write("ledger/query/sql.cpp", "#include <sqlite3.h>\n");
  EXPECT_THAT(check_third_party_owners(read()), ElementsAre(HasSubstr("no folder owns sqlite3.h")));
}

TEST_F(Rules, RefuseALongFileUnlessItIsExcepted) {
  std::string lines;
  for (std::size_t i = 0; i < kFileLinesMax; ++i) lines += "line\n";
  write("core/right.cpp", lines);
  write("core/long.cpp", lines + "one more\n");
  write("tests/golden/long.csv", lines + "one more\n");
  static constexpr std::array kExceptions = {Exception{.path = "tests/golden", .reason = "data"}};
  EXPECT_THAT(check_file_lengths(read(), kExceptions),
              ElementsAre(HasSubstr("core/long.cpp:0: 601 lines")));
}

TEST_F(Rules, RefuseMarksOfUnfinishedWork) {
  write("core/a.cpp",
        "// FIX"
        "ME later\n// works for "
        "now\n// a st"
        "ub of it\n");
  EXPECT_THAT(check_words(read()), ElementsAre(HasSubstr("core/a.cpp:1"), HasSubstr("core/a.cpp:2"),
                                               HasSubstr("core/a.cpp:3")));
}

TEST_F(Rules, TakeThoseWordsInsideOthers) {
  write("core/a.cpp",
        "mkdtemp(\"runledger-XXXXXX\");  // st"
        "ubborn, for nowhere\n");
  EXPECT_THAT(check_words(read()), IsEmpty());
}

TEST_F(Rules, WantTheConditionOfSomethingToDo) {
  write("core/a.cpp",
        "// TO"
        "DO: when Boost >= 1.76, import symbols\n// TO"
        "DO: import symbols\n");
  EXPECT_THAT(check_words(read()), ElementsAre(HasSubstr("core/a.cpp:2")));
}

TEST_F(Rules, RefuseWordsOfAWorkplace) {
  write("README.md",
        "See /wo"
        "rk/notes.\n");
  EXPECT_THAT(check_words(read()), ElementsAre(HasSubstr("README.md:1")));
}

TEST_F(Rules, FindSourcesThatNothingBuilds) {
  write("core/base/CMakeLists.txt",
        "rl_add_library(base SOURCES src/time.cpp HEADERS time.hpp)  # src/old.cpp\n");
  write("core/base/src/time.cpp", "#include \"clock.hpp\"\n");
  write("core/base/src/clock.hpp", "");
  write("core/base/src/old.cpp", "");
  write("core/base/src/old.hpp", "");
  write("core/base/include/runledger/base/time.hpp", "");
  EXPECT_THAT(check_dead_files(read()), ElementsAre(HasSubstr("core/base/src/old.cpp:0"),
                                                    HasSubstr("core/base/src/old.hpp:0")));
}

TEST_F(Rules, FindSourcesThatALoopNames) {
  write("tests/plugins/CMakeLists.txt",
        "foreach(name crash hang)\n  add_library(${name} MODULE ${name}.cpp)\n");
  write("tests/plugins/crash.cpp", "");
  write("tests/host/CMakeLists.txt", "add_library(far ${PROJECT_SOURCE_DIR}/tests/far/far.cpp)\n");
  write("tests/far/far.cpp", "");
  write("tests/plugins/forgotten.cpp", "");
  EXPECT_THAT(check_dead_files(read()), ElementsAre(HasSubstr("tests/plugins/forgotten.cpp:0")));
}

TEST_F(Rules, WantHeadersToBeGuarded) {
  write("core/a.hpp", "// What it is.\n\n#pragma once\n");
  write("core/b.hpp", "#include <string>\n#pragma once\n");
  EXPECT_THAT(check_header_guards(read()), ElementsAre(HasSubstr("core/b.hpp:1")));
}

TEST_F(Rules, RefuseANewTopFolder) {
  write("core/a.txt", "");
  write("scripts/a.sh", "");
  EXPECT_THAT(check_top_folders(read()), ElementsAre(HasSubstr("scripts:0")));
}

TEST_F(Rules, RefuseATestThatIsOffOrHasNoSentence) {
  write("tests/a_test.cpp",
        "TEST(Log, RefusesGaps) {\n"
        "  GTEST"
        "_SKIP() << \"no reference data\";\n"
        "  GTEST"
        "_SKIP();\n"
        "}\n"
        "TEST(Log, DISABLED"
        "_RefusesGaps) {}\n"
        "TEST(Log, Works) {}\n"
        "TEST(Log, Refuses_Gaps) {}\n"
        "TEST(Log, Row2_10RefusesGaps) {}\n");
  EXPECT_THAT(check_tests(read()),
              ElementsAre(HasSubstr("a_test.cpp:3: a skipped"), HasSubstr("a_test.cpp:5: the name"),
                          HasSubstr("a_test.cpp:5: a test is disabled"),
                          HasSubstr("a_test.cpp:6: the name Works"), HasSubstr("a_test.cpp:7")));
}

TEST_F(Rules, FollowTheLinksOfADocument) {
  write("README.md", "[a](core/a.md#part) [b](core/b.md) [c](https://example.org/c) [d](#part)\n");
  write("core/a.md", "[back](../README.md)\n");
  EXPECT_THAT(check_links(read()), ElementsAre(HasSubstr("README.md:1: the link to core/b.md")));
}

TEST_F(Rules, WantScriptsToStopAtTheFirstError) {
  write("good.sh", "#!/usr/bin/env bash\nset -euo pipefail\n");
  write("bad.sh", "#!/usr/bin/env bash\nset -e\n");
  EXPECT_THAT(check_scripts(read()), ElementsAre(HasSubstr("bad.sh:1")));
}

}  // namespace
}  // namespace runledger::tidy
