// `runledger sweep` as people and scripts use it.
#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "workplace.hpp"

namespace runledger::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<std::string> sweep_words(std::vector<std::string> more) {
  std::vector<std::string> words{"sweep", "-s",        "sma_cross", "-t",           "STRESS",
                                 "-p",    "fast=5,10", "-p",        "slow=20:40:20"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

TEST(Sweep, PrintsTheBestAndAHeatmap) {
  const Workplace place;
  place.import_prices();
  const std::string text = place.good(sweep_words({"--name", "grid", "--top", "2"}));
  EXPECT_THAT(text, HasSubstr("sweep grid\n  4 runs recorded in "));
  EXPECT_THAT(text, HasSubstr("the best 2 of 4 runs by sharpe_ratio"));
  EXPECT_THAT(text, HasSubstr("id  fast  slow  return [%]"));
  EXPECT_THAT(text, HasSubstr("sharpe_ratio: "));
  EXPECT_THAT(text, Not(HasSubstr("\x1b[")));
  EXPECT_EQ(place.good_json({"runs", "count", "--sweep", "grid"}).at("count"), 4);
  EXPECT_EQ(place.good_json({"runs", "count"}).at("count"), 0);
}

TEST(Sweep, TellsScriptsEverything) {
  const Workplace place;
  place.import_prices();
  const json report = place.good_json(sweep_words({"--name", "grid", "--maximize", "pnl"}));
  EXPECT_EQ(report.at("sweep"), "grid");
  EXPECT_EQ(report.at("objective"), "pnl");
  EXPECT_EQ(report.at("trials"), 4);
  EXPECT_EQ(report.at("recorded"), 4);
  EXPECT_EQ(report.at("failed"), 0);
  EXPECT_EQ(report.at("refused"), 0);
  ASSERT_EQ(report.at("top").size(), 4U);
  EXPECT_GE(report.at("top").at(0).at("pnl"), report.at("top").at(1).at("pnl"));
  EXPECT_EQ(report.at("heatmap").at("y"), "fast");
  EXPECT_EQ(report.at("heatmap").at("best").size(), 2U);
  const json best =
      place.good_json({"runs", "show", std::to_string(report.at("top").at(0).at("id").get<int>())});
  EXPECT_EQ(best.at("kind"), "sweep");
  EXPECT_EQ(best.at("sweep"), "grid");
  EXPECT_EQ(best.at("pnl"), report.at("top").at(0).at("pnl"));
}

TEST(Sweep, ATrialIsReplayedAsAnyRun) {
  const Workplace place;
  place.import_prices();
  const json report = place.good_json(sweep_words({}));
  const std::string id = std::to_string(report.at("top").at(0).at("id").get<int>());
  const json again = place.good_json({"replay", id});
  EXPECT_EQ(again.at("digests").at("result"),
            place.good_json({"runs", "show", id}).at("digests").at("result"));
}

TEST(Sweep, InterruptedItSaysHowToGoOnAndDoes) {
  const Workplace place;
  place.import_prices();
  const std::vector<std::string> words{"sweep", "-s",        "sma_cross", "-t",          "STRESS",
                                       "-p",    "fast=2:80", "-p",        "slow=100:300"};
  std::vector<std::string> first = words;
  first.insert(first.end(), {"--name", "long"});
  test::RunningProgram running(place.launch(first));
  while (place.run({"runs", "count", "--sweep", "long", "--json"}).out == "{\"count\":0}\n") {
  }
  running.signal(SIGINT);
  const Outcome interrupted = running.wait();
  EXPECT_EQ(interrupted.status, 130) << interrupted.err;
  EXPECT_THAT(interrupted.err, HasSubstr("give the same command with --resume long"));
  const int recorded = place.good_json({"runs", "count", "--sweep", "long"}).at("count");
  EXPECT_GT(recorded, 0);
  std::vector<std::string> second{"sweep",     "-s", "sma_cross", "-t",       "STRESS", "-p",
                                  "fast=2:80", "-p", "slow=100",  "--resume", "long"};
  const json rest = place.good_json(second);
  EXPECT_EQ(rest.at("recorded").get<int>() + rest.at("recorded_before").get<int>(), 79);
  EXPECT_TRUE(place.good_json({"verify"}).at("ok").get<bool>());
}

TEST(Sweep, WhatIsWrongIsOneSentenceAndRecordsNothing) {
  const Workplace place;
  place.import_prices();
  for (const auto& [more, sentence] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"--constraint", "fast <"}, "ends early; expected a parameter or a number"},
           {{"--maximize", "luck"}, "`luck` is no metric"},
           {{"--maximize", "pnl", "--minimize", "pnl"}, "exclude each other"},
           {{"--heatmap", "fast"}, "expected two parameters such as fast,slow"},
           {{"--jobs", "0"}, "expected a whole number from 1 to 256"},
           {{"--resume", "nothing"}, "there is no sweep nothing"}}) {
    const Outcome outcome = place.run(sweep_words(more));
    EXPECT_NE(outcome.status, 0);
    EXPECT_THAT(outcome.err, HasSubstr(sentence));
    EXPECT_EQ(lines_of(outcome.err).size(), 1U) << outcome.err;
    EXPECT_EQ(outcome.out, "");
  }
  EXPECT_EQ(place.good_json({"runs", "count", "--all"}).at("count"), 0);
}

}  // namespace
}  // namespace runledger::e2e
