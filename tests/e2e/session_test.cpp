// A session as a newcomer has it, command by command.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "workplace.hpp"

namespace runledger::e2e {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;

TEST(Session, TheMainJobFromPricesToAVerifiedReplay) {
  const Workplace place;
  std::filesystem::copy_file(RL_SOURCE_DIR "/tests/golden/parity/stress-dev.csv",
                             place.path() / "STRESS.csv");

  const Outcome import = place.run({"data", "import", "STRESS.csv"});
  EXPECT_EQ(import.status, 0) << import.err;
  EXPECT_EQ(
      import.out,
      "STRESS 1d: 1,500 bars, 2001-01-01 to 2006-09-29 (generic layout, adjustment not said)\n");
  EXPECT_EQ(import.err, "made a new ledger at " + place.ledger().string() + "\n");

  const Outcome first = place.run({"backtest", "-s", "sma_cross", "-t", "STRESS", "-p", "fast=10"});
  EXPECT_EQ(first.status, 0) << first.err;
  EXPECT_THAT(first.out, HasSubstr("sma_cross on STRESS 1d, 2001-01-01 to 2006-09-29, 1,500 bars"));
  EXPECT_THAT(first.out, HasSubstr("fast=10 slow=30"));
  EXPECT_THAT(first.out, ContainsRegex("Return \\[%\\] +[+-][0-9,.]+"));
  EXPECT_THAT(first.out, ContainsRegex("orders? refused \\("));
  EXPECT_THAT(first.err,
              ContainsRegex("recorded as run [0-9]+; next: runledger runs show [0-9]+ --chart"));

  EXPECT_THAT(place.good({"runs", "ls"}), HasSubstr("sma_cross"));
  const std::string chart = place.good({"runs", "show", "latest", "--chart"});
  EXPECT_THAT(chart, HasSubstr("Drawdown [%]  deepest"));
  EXPECT_THAT(chart, HasSubstr("⣿"));

  const Outcome replay = place.run({"replay", "-1", "-p", "fast=20"});
  EXPECT_EQ(replay.status, 0) << replay.err;
  EXPECT_THAT(lines_of(replay.err).front(),
              ContainsRegex("^replay of [0-9]+: fast 10 -> 20; same plugin, same data$"));

  EXPECT_THAT(place.good({"runs", "history", "latest"}), HasSubstr("fast 10 -> 20"));
  EXPECT_EQ(place.good({"runs", "count"}), "2\n");
  EXPECT_THAT(place.good({"verify"}), HasSubstr("the ledger is whole"));
  EXPECT_THAT(place.good({"reindex"}), HasSubstr("all were as they should be"));
  EXPECT_THAT(place.good({"doctor"}), HasSubstr("everything that a run needs is there"));
}

TEST(Session, ARetractedRunLeavesTheListsAndComesBack) {
  const Workplace place;
  const std::string run = place.record_run();
  EXPECT_EQ(place.good({"runs", "retract", run, "--reason", "wrong data"}),
            "retracted run " + run + "\n");
  EXPECT_EQ(place.good({"runs", "count"}), "0\n");
  EXPECT_EQ(place.good({"runs", "count", "--retracted"}), "1\n");
  EXPECT_THAT(place.good({"runs", "show", run}), HasSubstr("wrong data"));
  EXPECT_EQ(place.run({"runs", "retract", run, "--reason", "again"}).status, 2);
  EXPECT_EQ(place.good({"runs", "restore", run}), "restored run " + run + "\n");
  EXPECT_EQ(place.good({"runs", "count"}), "1\n");
  EXPECT_EQ(place.run({"runs", "restore", run}).status, 2);
  const json history = place.good_json({"runs", "history", run}).at("history");
  EXPECT_EQ(history.size(), 3U);
  EXPECT_EQ(history.at(1).at("what"), "retracted");
  EXPECT_EQ(history.at(2).at("what"), "restored");
}

TEST(Session, DataComesBackAsItWentIn) {
  const Workplace place;
  place.import_prices();
  const std::string exported = place.good({"data", "export", "STRESS"});
  EXPECT_EQ(lines_of(exported).size(), 1'501U);
  const Outcome again = place.run({"data", "import", "-", "--ticker", "COPY", "--json"}, exported);
  EXPECT_EQ(again.status, 0) << again.err;
  const json copy = json::parse(again.out).at("datasets").at(0);
  const json original = place.good_json({"data", "ls"}).at("datasets");
  for (const json& dataset : original) EXPECT_EQ(dataset.at("digest"), copy.at("digest"));
  EXPECT_EQ(original.size(), 2U);
}

TEST(Session, AGrownFileMakesANewVersionAndTheOldOneStaysRunnable) {
  const Workplace place;
  const std::string head = "Date,Open,High,Low,Close,Volume\n";
  const std::string bars = "2024-01-02,10,11,9,10.5,100\n2024-01-03,10.5,12,10,11,100\n";
  place.write("GROW.csv", head + bars);
  const std::string old =
      place.good_json({"data", "import", "GROW.csv"}).at("datasets").at(0).at("digest");
  place.write("GROW.csv", head + bars + "2024-01-04,11,12,10,12,100\n");
  EXPECT_THAT(place.good({"data", "import", "GROW.csv"}), HasSubstr("a new version: 1 bar added"));
  EXPECT_THAT(place.good({"data", "import", "GROW.csv"}), HasSubstr("nothing was added"));
  EXPECT_EQ(place.good_json({"data", "show", "GROW"}).at("versions").size(), 2U);
  EXPECT_EQ(place.good_json({"data", "ls"}).at("datasets").size(), 1U);
  EXPECT_EQ(place.good_json({"data", "ls", "--all"}).at("datasets").size(), 2U);
  const json run = place.good_json(
      {"backtest", "-s", "buy_and_hold", "-t", "GROW", "--data", "GROW@" + old.substr(0, 8)});
  EXPECT_EQ(run.at("end_date"), "2024-01-03");
  EXPECT_EQ(run.at("digests").at("dataset"), old);
}

TEST(Session, AFileThatHasShrunkIsWarnedOf) {
  const Workplace place;
  const std::string head = "Date,Open,High,Low,Close,Volume\n";
  const std::string bars = "2024-01-02,10,11,9,10.5,100\n2024-01-03,10.5,12,10,11,100\n";
  place.write("LESS.csv", head + bars + "2024-01-04,11,12,10,12,100\n");
  const std::string old =
      place.good_json({"data", "import", "LESS.csv"}).at("datasets").at(0).at("digest");
  place.write("LESS.csv", head + bars);
  const Outcome outcome = place.run({"data", "import", "LESS.csv"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, HasSubstr("a new version: 0 bars added, 0 changed, 1 removed"));
  EXPECT_EQ(outcome.err,
            "LESS.csv: 1 bar of the version before is not in this file, which is now the newest "
            "version; the one before stays as LESS@" +
                old.substr(0, 12) + "\n");
}

TEST(Session, AdjustedClosesThatAreNotAppliedAreTold) {
  const Workplace place;
  const std::string head = "Date,Open,High,Low,Close,Adj Close,Volume\n";
  place.write("SAME.csv", head + "2024-01-02,10,11,9,10.5,10.50,1\n2024-01-03,10,12,9,11,11,1\n");
  EXPECT_EQ(place.good_json({"data", "import", "SAME.csv"})
                .at("datasets")
                .at(0)
                .at("adjusted_close_ignored"),
            false);
  EXPECT_EQ(place.run({"data", "import", "SAME.csv", "-t", "S2"}).err, "");
  place.write("ADJ.csv", head + "2024-01-02,10,11,9,10.5,5.25,1\n2024-01-03,10,12,9,11,11,1\n");
  const std::string notice =
      "ADJ.csv: its Adj Close differs from Close and is not applied; prices are stored as the "
      "file's Close has them";
  const std::string way = "; --apply adjclose applies it\n";
  EXPECT_EQ(place.run({"data", "import", "ADJ.csv"}).err, notice + way);
  EXPECT_EQ(place.run({"data", "import", "ADJ.csv", "-t", "FULL", "--adjustment", "full"}).err,
            notice + "; --adjustment full notes what they are and changes none" + way);
  EXPECT_THAT(place.good({"data", "export", "FULL"}), HasSubstr("2024-01-02,10,11,9,10.5,1"));
}

TEST(Session, ASortedListThatIsCutSaysHowManyThereAre) {
  const Workplace place;
  const std::string run = place.record_run();
  for (const char* fast : {"fast=5", "fast=6"}) (void)place.good({"replay", run, "-p", fast});
  const auto said = [&](std::vector<std::string> more) {
    std::vector<std::string> words{"runs", "ls", "--sort", "-pnl"};
    words.insert(words.end(), more.begin(), more.end());
    return place.run(std::move(words)).err;
  };
  EXPECT_EQ(said({}), "");
  EXPECT_EQ(said({"--limit", "2"}),
            "2 of 3 runs shown; the next: the same with --offset 2, or more at once with --limit "
            "3\n");
  EXPECT_EQ(said({"--limit", "2", "--offset", "1"}), "");
  EXPECT_EQ(said({"--limit", "2", "--json"}), "");
}

TEST(Session, LabelsOfBarsThatAreThereAlreadyAreToldNotToBeRecorded) {
  const Workplace place;
  place.import_prices();
  EXPECT_EQ(place.run({"data", "import", "STRESS.csv"}).err, "");
  const Outcome again =
      place.run({"data", "import", "STRESS.csv", "--adjustment", "split", "--vendor", "ACME"});
  EXPECT_EQ(again.status, 0);
  EXPECT_EQ(again.err,
            "STRESS.csv: --adjustment, --vendor were not recorded, because nothing was added\n");
}

TEST(Session, TimesWithoutAZoneAreToldToBeTakenAsUtc) {
  const Workplace place;
  place.write("INTRA.csv",
              "timestamp,open,high,low,close,volume\n2024-01-02 09:30:00,1,2,1,2,1\n"
              "2024-01-02 09:35:00,1,2,1,2,1\n");
  const Outcome assumed = place.run({"data", "import", "INTRA.csv"});
  EXPECT_THAT(assumed.out, HasSubstr("(alpha-vantage layout, times taken as UTC,"));
  EXPECT_THAT(assumed.err, HasSubstr("Alpha Vantage's own are US/Eastern"));
  const Outcome told = place.run(
      {"data", "import", "INTRA.csv", "--ticker", "LOCAL", "--timezone", "America/New_York"});
  EXPECT_THAT(told.out, HasSubstr("(alpha-vantage layout, times in America/New_York,"));
  EXPECT_EQ(told.err, "");
}

TEST(Session, TheLedgerIsFoundInAParentFolderAndByName) {
  Workplace place;
  const std::string run = place.record_run();
  std::filesystem::create_directories(place.path() / "a" / "b");
  test::Launch below = place.launch({"runs", "count"});
  below.directory = place.path() / "a" / "b";
  EXPECT_EQ(test::run_to_end(below).out, "1\n");

  EXPECT_EQ(place.good({"runs", "count", "--ledger", place.ledger().string()}), "1\n");
  place.set("RUNLEDGER", (place.path() / "elsewhere").string());
  EXPECT_EQ(place.run({"runs", "count"}).status, 4);
  EXPECT_THAT(place.good({"init", "--origin", "example.com/research"}), HasSubstr("elsewhere"));
  EXPECT_EQ(place.good({"runs", "count"}), "0\n");
  EXPECT_EQ(place.run({"init"}).status, 2);
}

TEST(Session, AnAnswerForPeopleIsTheSameThroughAPipeWithoutColour) {
  const Workplace place;
  const std::string run = place.record_run();
  for (const std::vector<std::string>& words : {std::vector<std::string>{"runs", "ls"},
                                                {"runs", "show", run, "--chart"},
                                                {"data", "ls"},
                                                {"strategies", "ls"},
                                                {"doctor"},
                                                {"verify"}}) {
    EXPECT_THAT(place.good(words), testing::Not(HasSubstr("\x1b"))) << words.front();
  }
}

}  // namespace
}  // namespace runledger::e2e
