// Help, the completion scripts and the manual page, as shells and readers take them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "workplace.hpp"

namespace runledger::e2e {
namespace {

using testing::HasSubstr;

// A program of the system, when it is installed.
std::string system_program(const std::string& name) {
  for (const char* folder : {"/usr/bin/", "/bin/"}) {
    if (std::filesystem::exists(folder + name)) return folder + name;
  }
  return {};
}

Outcome run_system(const Workplace& place, std::vector<std::string> words) {
  test::Launch launch = place.launch({});
  launch.words = std::move(words);
  return test::run_to_end(launch);
}

// What bash would offer behind `line`, whose last word is being typed.
std::string offered(const Workplace& place, const std::vector<std::string>& line) {
  std::string words;
  for (const std::string& word : line) words += " '" + word + "'";
  const std::string script =
      "runledger() { " RL_PROGRAM " \"$@\"; }; source script.bash; COMP_WORDS=(runledger" + words +
      "); COMP_CWORD=" + std::to_string(line.size()) + "; _runledger; echo \"${COMPREPLY[*]}\"";
  const Outcome outcome = run_system(place, {"/bin/bash", "-c", script});
  EXPECT_EQ(outcome.err, "");
  return outcome.out;
}

TEST(Completion, OfBashOffersCommandsOptionsWordsAndNames) {
  const Workplace place;
  place.import_prices();
  place.write("script.bash", place.good({"completion", "bash"}));
  EXPECT_EQ(run_system(place, {"/bin/bash", "-n", "script.bash"}).err, "");
  EXPECT_EQ(offered(place, {"ver"}), "verify\n");
  EXPECT_EQ(offered(place, {"runs", "re"}), "retract restore\n");
  EXPECT_EQ(offered(place, {"--ledger", "runs", "runs", "re"}), "retract restore\n");
  EXPECT_EQ(offered(place, {"backtest", "--stra"}), "--strategy\n");
  EXPECT_EQ(offered(place, {"runs", "ls", "--js"}), "--json\n");
  EXPECT_EQ(offered(place, {"runs", "ls", "--status", "f"}), "failed\n");
  EXPECT_EQ(offered(place, {"completion", ""}), "bash zsh fish\n");
  EXPECT_EQ(offered(place, {"backtest", "-t", "ST"}), "STRESS\n");
  EXPECT_EQ(offered(place, {"backtest", "-s", "sma"}), "sma_cross\n");
}

TEST(Completion, OfAShellThatHasNoneNamesThoseThatHave) {
  const Workplace place;
  const Outcome outcome = place.run({"completion", "tcsh"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.err,
            "runledger: there is no completion for the shell `tcsh`; bash, zsh and fish have "
            "one\n");
}

TEST(Completion, OfOtherShellsLoadsInThem) {
  const Workplace place;
  bool any = false;
  for (const char* shell : {"zsh", "fish"}) {
    const std::string script = place.good({"completion", shell});
    EXPECT_THAT(script, HasSubstr("runs retract"));
    const std::string program = system_program(shell);
    if (program.empty()) continue;
    any = true;
    place.write("script", script);
    const Outcome outcome = run_system(place, {program, "-n", "script"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
  }
  if (!any) GTEST_SKIP() << "neither zsh nor fish is installed";
}

TEST(ManualPage, RendersWithoutAWarning) {
  const Workplace place;
  const std::string page = place.good({"manual"});
  EXPECT_THAT(page, HasSubstr(".SS runs retract"));
  const std::string groff = system_program("groff");
  if (groff.empty()) GTEST_SKIP() << "groff is not installed";
  place.write("runledger.1", page);
  const Outcome outcome =
      run_system(place, {groff, "-man", "-Tutf8", "-ww", "-rLL=100n", "runledger.1"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.err, "");
  EXPECT_THAT(outcome.out, HasSubstr("backtest"));
}

TEST(Help, IsThereOnEveryLevelAndShowsAnExample) {
  const Workplace place;
  for (const std::vector<std::string>& words : {std::vector<std::string>{"--help"},
                                                {"-h"},
                                                {"help"},
                                                {"runs", "ls", "--help"},
                                                {"help", "runs", "ls"},
                                                {"data", "import", "-h"},
                                                {"strategies", "new", "--help"}}) {
    EXPECT_THAT(place.good(words), HasSubstr("Examples\n")) << words.front();
  }
  EXPECT_THAT(place.good({"--version"}), testing::MatchesRegex("runledger [0-9.]+\n"));
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{}, {"runs"}, {"data"}, {"strategies"}}) {
    const Outcome outcome = place.run(words);
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr("Commands\n"));
  }
}

}  // namespace
}  // namespace runledger::e2e
