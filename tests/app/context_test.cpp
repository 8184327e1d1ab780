#include <filesystem>

#include <gtest/gtest.h>

#include <runledger/app/context.hpp>

#include "temporary_directory.hpp"
#include "workbench.hpp"

namespace runledger::app {
namespace {

namespace fs = std::filesystem;
using test::with;

TEST(LocateLedger, TheOptionComesBeforeTheEnvironment) {
  EXPECT_EQ(locate_ledger({"given", "/elsewhere", "/home/ada"}), fs::path("/home/ada/given"));
  EXPECT_EQ(locate_ledger({std::nullopt, "/elsewhere", "/home/ada"}), fs::path("/elsewhere"));
}

TEST(LocateLedger, FindsTheNearestParentThatHasOne) {
  const test::TemporaryDirectory directory;
  const fs::path inside = directory.path() / "a" / "b" / "c";
  fs::create_directories(inside);
  fs::create_directories(directory.path() / "runledger-data");
  EXPECT_EQ(locate_ledger({{}, {}, inside}), directory.path() / "runledger-data");
  fs::create_directories(directory.path() / "a" / "runledger-data");
  EXPECT_EQ(locate_ledger({{}, {}, inside}), directory.path() / "a" / "runledger-data");
}

TEST(LocateLedger, MeansANewOneHereWhenNoParentHasOne) {
  EXPECT_EQ(locate_ledger({{}, {}, "/nowhere/at/all"}), fs::path("/nowhere/at/all/runledger-data"));
}

TEST(LocateLedger, RefusesEmptyText) {
  const auto found = locate_ledger({"", std::nullopt, "/home/ada"});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::invalid_input);
}

TEST(Layout, IsFoundAroundTheProgramWhereverItWasMoved) {
  const test::TemporaryDirectory prefix;
  fs::create_directories(prefix.path() / "lib" / "runledger" / "plugins");
  const ProgramLayout layout = layout_around(prefix.path() / "bin" / "runledger");
  EXPECT_EQ(layout.worker, prefix.path() / "libexec" / "runledger" / "runledger-worker");
  EXPECT_EQ(layout.plugin_folders, std::vector{prefix.path() / "lib" / "runledger" / "plugins"});
  EXPECT_EQ(layout.share, prefix.path() / "share" / "runledger");
}

TEST(MakeContext, RefusesAPluginsFolderThatIsNone) {
  const auto context = make_context(
      with(&GlobalOptions::plugin_folders, std::vector<std::string>{"/no/such/folder"}));
  ASSERT_FALSE(context);
  EXPECT_EQ(context.error().message, "the plugins folder /no/such/folder is not a folder");
}

TEST(MakeContext, RefusesALockTimeoutBelowZero) {
  const auto context = make_context(with(&GlobalOptions::lock_timeout_s, -1.0));
  ASSERT_FALSE(context);
  EXPECT_EQ(context.error().code, ErrorCode::invalid_input);
  EXPECT_EQ(make_context(with(&GlobalOptions::lock_timeout_s, 1.5))->lock_timeout.count(), 1500);
}

TEST(MakeContext, RecordsUserAndHostUnlessTold) {
  EXPECT_NE(make_context({})->actor.find('@'), std::string::npos);
  EXPECT_EQ(make_context(with(&GlobalOptions::actor, "bot"))->actor, "bot");
  EXPECT_FALSE(make_context(with(&GlobalOptions::actor, "two\nlines")));
}

}  // namespace
}  // namespace runledger::app
