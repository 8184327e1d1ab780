#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <runledger/host/plugin.hpp>

#include "temporary_directory.hpp"

namespace runledger::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

void expect_refused(const std::filesystem::path& path, const char* words) {
  const LoadedPlugin loaded = load_plugin(path);
  EXPECT_EQ(loaded.plugin, nullptr);
  EXPECT_THAT(loaded.refusals, ElementsAre(HasSubstr(words)));
}

TEST(LoadPlugin, LoadsAPluginInPlainC) {
  const LoadedPlugin loaded = load_plugin(BUY_AND_HOLD);
  ASSERT_THAT(loaded.refusals, IsEmpty());
  ASSERT_NE(loaded.plugin, nullptr);
  const rl_strategy* strategy = find_strategy(*loaded.plugin, "buy_and_hold");
  ASSERT_NE(strategy, nullptr);
  EXPECT_EQ(strategy->param_count, 0u);
  EXPECT_EQ(find_strategy(*loaded.plugin, "sell_and_forget"), nullptr);
}

TEST(LoadPlugin, APluginSaysWhereItWasBuiltFrom) {
  const LoadedPlugin loaded = load_plugin(BUY_AND_HOLD);
  ASSERT_NE(loaded.plugin, nullptr);
  ASSERT_NE(loaded.plugin->source, nullptr);
  EXPECT_THAT(loaded.plugin->source->flags, HasSubstr("-ffp-contract=off"));
}

TEST(LoadPlugin, LoadsTheSameFileTwice) {
  EXPECT_EQ(load_plugin(BUY_AND_HOLD).plugin, load_plugin(BUY_AND_HOLD).plugin);
}

TEST(LoadPlugin, RefusesARelativePath) { expect_refused("buy_and_hold.so", "absolute path"); }

TEST(LoadPlugin, RefusesAFileThatIsNotThere) {
  expect_refused("/nowhere/strategy.so", "there is no file /nowhere/strategy.so");
}

TEST(LoadPlugin, RefusesADirectory) {
  const TemporaryDirectory directory;
  expect_refused(directory.path(), "not a regular file");
}

TEST(LoadPlugin, RefusesAFileThatIsNoLibrary) {
  const TemporaryDirectory directory;
  const auto path = directory.path() / "notes.so";
  std::ofstream(path) << std::string(5'000, '$');
  expect_refused(path, "it is no shared library that this machine can load");
}

TEST(LoadPlugin, RefusesALibraryWithoutTheSymbol) {
  expect_refused(NO_SYMBOL, "exports no rl_plugin_v1");
}

TEST(LoadPlugin, RefusesALibraryThatMissesAFunctionAndNamesIt) {
  expect_refused(UNRESOLVED, "it needs function_that_nobody_has, which no library");
}

TEST(LoadPlugin, RefusesALibraryThatThrows) {
  expect_refused(THROWS, "threw: no strategies today");
}

TEST(LoadPlugin, RefusesATableOfNoiseWithEveryReason) {
  const LoadedPlugin loaded = load_plugin(GARBAGE);
  EXPECT_EQ(loaded.plugin, nullptr);
  EXPECT_THAT(loaded.refusals,
              AllOf(Contains(HasSubstr("newer runledger")), Contains(HasSubstr("built_with is at")),
                    Contains(HasSubstr("more than 256"))));
}

}  // namespace
}  // namespace runledger::test
