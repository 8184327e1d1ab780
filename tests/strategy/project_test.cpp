// A strategy project, written from the templates of a staged installation and built out of tree.
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <runledger/app/strategy_project.hpp>
#include <runledger/host/plugin.hpp>

#include "support.hpp"
#include "temporary_directory.hpp"

namespace runledger::test {
namespace {

namespace fs = std::filesystem;
using app::write_strategy_project;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

// Runs a command; its output is shown when it fails.
void run_command(const std::string& command, const fs::path& log) {
  const std::string line = "(" + command + ") >'" + log.string() + "' 2>&1";
  // NOLINTNEXTLINE(concurrency-mt-unsafe, cert-env33-c): a test with one thread
  const int status = std::system(line.c_str());
  std::ifstream file(log);
  ASSERT_EQ(WEXITSTATUS(status), 0) << command << '\n'
                                    << std::string(std::istreambuf_iterator<char>(file), {});
}

std::string quoted(const fs::path& path) { return "'" + path.string() + "'"; }

// An installation of the package for strategy authors, made once.
class Project : public testing::Test {
 public:
  static void SetUpTestSuite() {
    stage_ = std::make_unique<TemporaryDirectory>();
    run_command(
        "cmake --install '" RL_BINARY_DIR "' --component sdk --prefix " + quoted(stage_->path()),
        stage_->path() / "install.log");
  }
  static void TearDownTestSuite() { stage_.reset(); }

 protected:
  static fs::path templates() { return stage_->path() / "share/runledger/template"; }
  [[nodiscard]] fs::path folder() const { return work_.path() / "project"; }

  // Configures and builds the project, and returns the library.
  [[nodiscard]] fs::path build(const std::string& name, const std::string& options = "") const {
    const fs::path tree = folder() / "build";
    run_command("cmake -S " + quoted(folder()) + " -B " + quoted(tree) + " " + options +
                    " && cmake --build " + quoted(tree),
                work_.path() / "build.log");
    return tree / (name + ".so");
  }

  static std::unique_ptr<TemporaryDirectory> stage_;
  TemporaryDirectory work_;
};

std::unique_ptr<TemporaryDirectory> Project::stage_;

// Loads a library of one strategy and runs it with its defaults on rising prices.
RunResult load_and_run(const fs::path& library, const std::string& name) {
  const LoadedPlugin loaded = load_plugin(library);
  EXPECT_THAT(loaded.refusals, IsEmpty());
  if (loaded.plugin == nullptr) return {};
  const rl_strategy* strategy = find_strategy(*loaded.plugin, name);
  EXPECT_NE(strategy, nullptr);
  if (strategy == nullptr) return {};
  std::vector<rl_value> values;
  for (std::size_t i = 0; i < strategy->param_count; ++i)
    values.push_back(strategy->params[i]->default_value);
  std::vector<double> prices;
  for (int i = 0; i < 40; ++i) prices.push_back(100 + i);
  const PaddedBars bars = daily(prices);
  const Outcome outcome = run_strategy({.strategy = strategy,
                                        .values = values,
                                        .bars = bars.columns(),
                                        .interval = bars.interval(),
                                        .settings = {},
                                        .progress = nullptr,
                                        .publish = {}});
  EXPECT_TRUE(outcome.has_value());
  return outcome.value_or(RunResult{});
}

TEST_F(Project, BuildsAgainstTheInstalledPackageAndRuns) {
  const auto files = write_strategy_project(templates(), folder(), "my_strategy");
  ASSERT_TRUE(files.has_value());
  EXPECT_THAT(*files, Contains(folder() / "strategy.cpp"));
  const fs::path library = build("my_strategy");
  EXPECT_EQ(load_and_run(library, "my_strategy").fills.size(), 1u);
  EXPECT_THAT(load_plugin(library).plugin->source->flags, HasSubstr("-ffp-contract=off"));
}

TEST_F(Project, BuiltByClangRunsInAHostBuiltByGcc) {
  if (std::string(CLANG).empty()) GTEST_SKIP() << "there is no clang on this machine";
  ASSERT_TRUE(write_strategy_project(templates(), folder(), "by_clang").has_value());
  const fs::path library =
      build("by_clang", "-DCMAKE_CXX_COMPILER='" CLANG "' -DCMAKE_CXX_FLAGS=--driver-mode=g++");
  EXPECT_EQ(load_and_run(library, "by_clang").fills.size(), 1u);
  EXPECT_THAT(load_plugin(library).plugin->built_with, HasSubstr("clang"));
}

TEST_F(Project, MayBeInPlainC) {
  fs::create_directory(folder());
  fs::copy(RL_SOURCE_DIR "/plugins/buy_and_hold/buy_and_hold.c", folder());
  std::ofstream(folder() / "CMakeLists.txt")
      << "cmake_minimum_required(VERSION 3.25)\nproject(plain LANGUAGES C)\n"
      << "find_package(runledger REQUIRED)\nrl_add_strategy(plain buy_and_hold.c)\n";
  const fs::path library = build("plain", "-DCMAKE_PREFIX_PATH=" + quoted(stage_->path()));
  EXPECT_EQ(load_and_run(library, "buy_and_hold").fills.size(), 1u);
}

TEST_F(Project, IsRecordedWithItsCommitAndRemoteButNoPassword) {
  ASSERT_TRUE(write_strategy_project(templates(), folder(), "recorded").has_value());
  const std::string git = "git -C " + quoted(folder()) + " -c user.name=a -c user.email=a@b ";
  run_command(git + "init -q && " + git + "add -A && " + git + "commit -qm first && " + git +
                  "remote add origin https://me:secret@example.com/r.git",
              work_.path() / "git.log");
  const LoadedPlugin clean = load_plugin(build("recorded"));
  ASSERT_NE(clean.plugin, nullptr);
  EXPECT_EQ(std::string(clean.plugin->source->commit).size(), 40u);
  EXPECT_EQ(clean.plugin->source->dirty, 0u);
  EXPECT_STREQ(clean.plugin->source->remote, "https://example.com/r.git");

  std::ofstream(folder() / "strategy.cpp", std::ios::app) << "// changed\n";
  fs::rename(build("recorded"), work_.path() / "again.so");
  const LoadedPlugin changed = load_plugin(work_.path() / "again.so");
  ASSERT_NE(changed.plugin, nullptr);
  EXPECT_EQ(changed.plugin->source->dirty, 1u);
}

TEST_F(Project, KeepsTheRunScriptExecutable) {
  ASSERT_TRUE(write_strategy_project(templates(), folder(), "scripted").has_value());
  EXPECT_NE(fs::status(folder() / "run.sh").permissions() & fs::perms::owner_exec, fs::perms::none);
}

TEST_F(Project, LeavesNoPlaceholder) {
  const auto files = write_strategy_project(templates(), folder(), "filled_in").value();
  for (const fs::path& file : files) {
    std::ifstream stream(file);
    const std::string text(std::istreambuf_iterator<char>(stream), {});
    EXPECT_FALSE(text.empty()) << file;
    EXPECT_THAT(text, testing::Not(testing::AnyOf(HasSubstr("@NAME@"), HasSubstr("@TYPE@"),
                                                  HasSubstr("@PREFIX@"))));
  }
}

TEST_F(Project, FillsAnEmptyFolder) {
  fs::create_directory(folder());
  EXPECT_TRUE(write_strategy_project(templates(), folder() / "", "fine").has_value());
  EXPECT_TRUE(fs::exists(folder() / "CMakeLists.txt"));
}

TEST_F(Project, LeavesAFolderWithFilesAlone) {
  fs::create_directory(folder());
  std::ofstream(folder() / "mine.txt") << "mine";
  const auto files = write_strategy_project(templates(), folder(), "other");
  ASSERT_FALSE(files.has_value());
  EXPECT_EQ(files.error().code, ErrorCode::conflict);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder()), {}), 1);
}

TEST_F(Project, RefusesNamesThatCannotBeTyped) {
  for (const char* name : {"", "My", "2fast", "a-b", "a b", "../up", "test", "\xc3\xa9tude"}) {
    const auto files = write_strategy_project(templates(), folder(), name);
    ASSERT_FALSE(files.has_value()) << name;
    EXPECT_EQ(files.error().code, ErrorCode::invalid_input);
  }
  EXPECT_TRUE(fs::is_empty(work_.path()));
}

TEST_F(Project, LeavesNothingWhereItCannotBeWhole) {
  EXPECT_EQ(write_strategy_project(work_.path() / "none", folder(), "none_yet").error().code,
            ErrorCode::not_found);
  EXPECT_EQ(write_strategy_project(templates(), folder() / "deeper", "lost").error().code,
            ErrorCode::not_found);
  const fs::path spoiled = work_.path() / "templates";
  fs::create_directory(spoiled);
  std::ofstream(spoiled / "a.txt.in") << "good";
  fs::create_directory(spoiled / "b.txt.in");  // cannot be read as a file
  EXPECT_EQ(write_strategy_project(spoiled, folder(), "half").error().code,
            ErrorCode::write_failed);
  EXPECT_EQ(std::distance(fs::directory_iterator(work_.path()), {}), 1);
}

}  // namespace
}  // namespace runledger::test
