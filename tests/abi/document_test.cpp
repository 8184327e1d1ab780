// The library of core/ABI.md, compiled by its own command line and run.
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <runledger/host/plugin.hpp>

#include "support.hpp"
#include "temporary_directory.hpp"

namespace runledger::test {
namespace {

std::string read_text(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// What stands between `open` and the next `close`.
std::string between(const std::string& text, const std::string& open, const std::string& close) {
  const std::size_t begin = text.find(open) + open.size();
  return text.substr(begin, text.find(close, begin) - begin);
}

void replace(std::string& text, const std::string& what, const std::string& by) {
  text.replace(text.find(what), what.size(), by);
}

TEST(Document, TheLibraryInCIsCompiledByItsCommandLineAndRuns) {
  const TemporaryDirectory work;
  const std::string page = read_text(RL_SOURCE_DIR "/core/ABI.md");
  std::ofstream(work.path() / "one_and_done.c") << between(page, "```c\n", "```");
  std::string command = between(page, "By hand:\n`", "`");
  replace(command, "<prefix>/include",
          RL_SOURCE_DIR "/core/strategy/include -Wall -Wextra -Werror");
  command = "cd '" + work.path().string() + "' && " + command;
  // NOLINTNEXTLINE(concurrency-mt-unsafe, cert-env33-c): a test with one thread
  ASSERT_EQ(std::system(command.c_str()), 0) << command;
  const LoadedPlugin loaded = load_plugin(work.path() / "one_and_done.so");
  ASSERT_THAT(loaded.refusals, testing::IsEmpty());
  Script unused;
  const Outcome outcome = run(unused, daily({10, 10, 10}), {}, [&](RunInputs& inputs) {
    inputs.strategy = loaded.plugin->strategies[0];
    inputs.values = {&loaded.plugin->strategies[0]->params[0]->default_value, 1};
  });
  EXPECT_EQ(outcome.value().final_position, 1);
}

}  // namespace
}  // namespace runledger::test
