// README.md as somebody follows it: its files are written, its commands run as they stand, and what
// they show has the shape that it says.
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "document.hpp"
#include "shell_command.hpp"
#include "temporary_directory.hpp"

namespace {

namespace fs = std::filesystem;
using namespace runledger::test;

std::string read(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// A folder that looks as a clone does after ./quickstart.sh, with this build in place of the
// release one.
class TheReadme : public ::testing::Test {
 protected:
  TheReadme() {
    fs::create_directories(folder() / "build");
    fs::create_directory_symlink(RL_BINARY_DIR, folder() / "build" / "release");
    fs::create_symlink("build/release/bin/runledger", folder() / "runledger");
  }
  [[nodiscard]] fs::path folder() const { return directory_.path(); }

  CommandOutcome run(const std::string& command) {
    return run_in_bash(folder(), "unset RUNLEDGER RUNLEDGER_PLUGINS\n" + command + "\n");
  }
  void follow(const Block& block) {
    if (!block.file.empty()) {
      fs::create_directories((folder() / block.file).parent_path());
      std::ofstream(folder() / block.file) << block.text;
    }
    if (block.language != "console") return;
    for (const Exchange& exchange : exchanges_of(block)) {
      const CommandOutcome outcome = run(exchange.command);
      EXPECT_EQ(outcome.status, 0) << "$ " << exchange.command << '\n' << outcome.text;
      EXPECT_EQ(shape_of(outcome.text), shape_of(exchange.output)) << "$ " << exchange.command;
    }
  }

 private:
  TemporaryDirectory directory_;
};

TEST_F(TheReadme, IsTrueWhenItIsFollowedAsWritten) {
  const auto blocks = blocks_of(read(fs::path(RL_SOURCE_DIR) / "README.md"));
  std::size_t consoles = 0;
  for (const Block& block : blocks) {
    follow(block);
    if (block.language == "console") ++consoles;
  }
  EXPECT_GE(consoles, 2U) << "the first session and a strategy of one's own";
}

}  // namespace
