// Every command with every kind of wrong value: one sentence, exit 2 (4 for what does not exist),
// and a ledger that is as it was.
#include <cctype>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "workplace.hpp"

namespace runledger::e2e {
namespace {

using Words = std::vector<std::string>;

struct Wrong {
  Words words;
  int status = 2;
};

std::string shown(const Words& words) {
  std::string text;
  for (const std::string& word : words) text += " " + word;
  return text;
}

// Whether a sentence begins as ours do: with a small letter, unless its first word is a name or an
// acronym, and ends without a full stop.
bool has_house_style(const std::string& sentence) {
  const bool capital = std::isupper(static_cast<unsigned char>(sentence[0])) != 0;
  const bool small_next = std::islower(static_cast<unsigned char>(sentence[1])) != 0;
  const bool full_stop = sentence.ends_with('.') && !sentence.ends_with("...");
  return !(capital && small_next) && !full_stop;
}

// One line that begins as all our errors do, ends without a full stop and shows no library's text.
void expect_one_sentence(const Outcome& outcome, const Words& words) {
  const auto lines = lines_of(outcome.err);
  ASSERT_EQ(lines.size(), 1U) << shown(words) << ": " << outcome.err;
  EXPECT_TRUE(lines.front().starts_with("runledger: ")) << lines.front();
  ASSERT_GT(lines.front().size(), 25U) << lines.front();
  EXPECT_TRUE(has_house_style(lines.front().substr(11))) << lines.front();
  for (const char* foreign :
       {"Corruption", "IO error", "what()", "CLI::", "rocksdb", "std::", "errno"}) {
    EXPECT_THAT(lines.front(), testing::Not(testing::HasSubstr(foreign))) << shown(words);
  }
}

void expect_refusals(const Workplace& place, const std::vector<Wrong>& cases) {
  for (const Wrong& wrong : cases) {
    const Outcome outcome = place.run(wrong.words);
    EXPECT_EQ(outcome.status, wrong.status) << shown(wrong.words) << ": " << outcome.err;
    EXPECT_EQ(outcome.out, "") << shown(wrong.words);
    expect_one_sentence(outcome, wrong.words);
  }
}

class WrongValues : public testing::Test {
 protected:
  WrongValues() : run_(place_.record_run()), before_(place_.good_json({"verify"})) {}
  // Size, root and files are as they were: nothing was written, nor half of it.
  ~WrongValues() override { EXPECT_EQ(place_.good_json({"verify"}), before_); }

  Workplace place_;
  std::string run_;
  json before_;
};

TEST_F(WrongValues, OfABacktest) {
  std::vector<Wrong> cases{{{"backtest"}},
                           {{"backtest", "-s", "sma_cross", "-t", ""}},
                           {{"backtest", "-s", "sma_cross", "-t", "STRESS", "--sweep"}},
                           {{"backtest", "-s", "sma_cross"}},
                           {{"backtest", "-t", "STRESS"}},
                           {{"backtest", "-s", "sma_cros", "-t", "STRESS"}, 4},
                           {{"backtest", "-s", "./nothing.so", "-t", "STRESS"}, 4},
                           {{"backtest", "-s", "./STRESS.csv", "-t", "STRESS"}},
                           {{"backtest", "-s", "sma_cross", "-t", "STRES"}, 4},
                           {{"backtest", "-s", "sma_cross", "-t", "STRESS", "extra"}}};
  const std::vector<std::pair<std::string, Words>> wrong{
      {"--interval", {"1x", "", "0d", "-1d"}},
      {"--from", {"yesterday", "2020-13-01", "", "2001"}},
      {"--to", {"2020-02-30", "1500-01-01", "x"}},
      {"--data", {"STRESS@12", "STRESS@zzzzzzzz", "@", "OTHER"}},
      {"--param",
       {"fast", "fast=", "fast=x", "fast=1.5", "fast=0", "fst=3", "=3", "side=up", "fast=50"}},
      {"--under", {"", " ", "no-such-debugger --args", "./STRESS.csv", "/no/such/gdb"}},
      {"--cash", {"x", "", "0", "-5", "nan", "inf", "1e400"}},
      {"--size",
       {"", "95", "cash_pct", "cash_pct:", "cash_pct:x", "cash_pct:-1", "lots:3", "units:nan"}},
      {"--commission", {"x", "-0.1", "fixed:", "fixed:x", "unit", "0.001+", "0.001+0.002", "nan"}},
      {"--account", {"margin", "", "Standard"}},
      {"--leverage", {"0", "-1", "x", "inf"}},
      {"--lot", {"-1", "x"}},
      {"--seed", {"-1", "x", "1.5", "99999999999999999999"}},
      {"--tag", {"", "=v"}},
      {"--timeout", {"0", "-1", "x"}},
      {"--memory-limit", {"x", "-1", "1q"}},
      {"--lock-timeout", {"x", "-1", "inf"}},
      {"--plugins", {"./no-such-folder"}}};
  for (const auto& [option, values] : wrong) {
    for (const std::string& value : values) {
      cases.push_back({{"backtest", "-s", "sma_cross", "-t", "STRESS", option + "=" + value}});
    }
  }
  cases.push_back({{"backtest", "-s", "sma_cross", "-t", "STRESS", "--from", "2005-01-01", "--to",
                    "2004-01-01"}});
  cases.push_back({{"backtest", "-s", "sma_cross", "-t", "STRESS", "--from", "2050-01-01"}});
  cases.push_back({{"backtest", "-s", "sma_cross", "-t", "STRESS", "--cash", "1", "--cash", "2"}});
  cases.push_back(
      {{"backtest", "-s", "sma_cross", "-t", "STRESS", "-p", "fast=1", "-p", "fast=2"}});
  cases.push_back({{"backtest", "-s", "sma_cross", "-t", "STRESS", "--csv"}});
  expect_refusals(place_, cases);
}

TEST_F(WrongValues, OfAReplay) {
  expect_refusals(place_, {{{"replay"}},
                           {{"replay", "999"}, 4},
                           {{"replay", "0"}, 4},
                           {{"replay", "x"}},
                           {{"replay", run_, "-p", "nothing=1"}},
                           {{"replay", run_, "--plugin", "newest"}},
                           {{"replay", run_, "--to", "2030-01-01"}},
                           {{"replay", run_, "--data", "OTHER@123456"}, 4},
                           {{"replay", run_, run_}}});
}

TEST_F(WrongValues, OfLists) {
  std::vector<Wrong> cases;
  for (const char* command : {"ls", "count"}) {
    for (const Words& option : std::vector<Words>{
             {"--since", "x"}, {"--until", "2020-99-01"}, {"--status", "done"}, {"--as-of", "x"}}) {
      cases.push_back({{"runs", command, option[0], option[1]}});
    }
    cases.push_back({{"runs", command, "--as-of", "99999"}, 4});
  }
  for (const Words& option : std::vector<Words>{{"--limit", "0"},
                                                {"--limit", "x"},
                                                {"--limit", "-1"},
                                                {"--offset", "-1"},
                                                {"--cursor", "nonsense"},
                                                {"--columns", "id,retrun_pct"},
                                                {"--columns", ""},
                                                {"--columns", "id,id"}}) {
    cases.push_back({{"runs", "ls", option[0], option[1]}});
  }
  cases.push_back({{"runs", "ls", "extra"}});
  cases.push_back({{"runs", "ls", "--sort", "-retrun_pct"}});
  cases.push_back({{"runs", "ls", "--sort", "pnl", "--cursor", "x"}});
  expect_refusals(place_, cases);
}

TEST_F(WrongValues, OfOneRun) {
  expect_refusals(place_, {{{"runs", "show"}},
                           {{"runs", "show", "1"}, 4},
                           {{"runs", "show", "99"}, 4},
                           {{"runs", "show", "18446744073709551616"}},
                           {{"runs", "show", "-2"}},
                           {{"runs", "show", run_, "--csv"}},
                           {{"runs", "show", run_, "--csv", "--trades", "--orders"}},
                           {{"runs", "show", run_, "--csv", "--chart"}},
                           {{"runs", "history", "x"}},
                           {{"runs", "history", "99"}, 4},
                           {{"runs", "retract", run_}},
                           {{"runs", "retract", run_, "--reason", ""}},
                           {{"runs", "retract", "latest", "--reason", "x"}},
                           {{"runs", "retract", "-1", "--reason", "x"}},
                           {{"runs", "retract", "99", "--reason", "x"}, 4},
                           {{"runs", "retract", run_, "99", "--reason", "x"}, 4},
                           {{"runs", "restore", run_}},
                           {{"runs", "restore", "latest"}},
                           {{"runs", "list"}},
                           {{"runs", "delete", run_}},
                           {{"runs", "describe", run_}}});
}

TEST_F(WrongValues, OfData) {
  place_.write("EMPTY.csv", "");
  place_.write("TEXT.csv", "this is no price file\nat all\n");
  place_.write("GOOD.csv",
               "Date,Open,High,Low,Close,Volume\n2024-01-02,10,11,9,10,1\n"
               "2024-01-03,10,11,9,10,1\n");
  place_.write("SECRET.csv", "Date,Open,High,Low,Close\n2024-01-02,1,1,1,1\n");
  std::filesystem::permissions(place_.path() / "SECRET.csv", std::filesystem::perms::none);
  const bool may_read_all = ::access((place_.path() / "SECRET.csv").c_str(), R_OK) == 0;
  std::filesystem::create_symlink("LOOP.csv", place_.path() / "LOOP.csv");
  if (!may_read_all) expect_refusals(place_, {{{"data", "import", "SECRET.csv"}}});
  expect_refusals(place_, {{{"data", "import"}},
                           {{"data", "import", ""}},
                           {{"data", "import", "LOOP.csv"}},
                           {{"data", "import", "nothing.csv"}, 4},
                           {{"data", "import", "."}},
                           {{"data", "import", "EMPTY.csv"}},
                           {{"data", "import", "TEXT.csv"}},
                           {{"data", "import", "-"}},
                           {{"data", "import", "GOOD.csv", "EMPTY.csv", "--ticker", "ONE"}},
                           {{"data", "import", "GOOD.csv", "--ticker", ""}},
                           {{"data", "import", "GOOD.csv", "--interval", "1x"}},
                           {{"data", "import", "GOOD.csv", "--format", "nonsense"}},
                           {{"data", "import", "GOOD.csv", "--timezone", "Mars/Base"}},
                           {{"data", "import", "GOOD.csv", "--scale", "0"}},
                           {{"data", "import", "GOOD.csv", "--scale", "x"}},
                           {{"data", "import", "GOOD.csv", "--on-bad", "ignore"}},
                           {{"data", "import", "GOOD.csv", "--adjustment", "none"}},
                           {{"data", "import", "GOOD.csv", "--date-order", "ymd"}},
                           {{"data", "import", "GOOD.csv", "--decimal", "dot"}},
                           {{"data", "show"}},
                           {{"data", "show", "OTHER"}, 4},
                           {{"data", "show", "STRESS@12"}},
                           {{"data", "show", "STRESS", "--interval", "5m"}, 4},
                           {{"data", "export", "OTHER"}, 4},
                           {{"data", "list"}},
                           {{"data", "delete", "STRESS"}}});
}

TEST_F(WrongValues, OfTheOtherCommands) {
  std::filesystem::create_directory(place_.path() / "folder");
  place_.write("folder/file", "");
  expect_refusals(place_, {{{"init"}},
                           {{"init", "--ledger", ""}},
                           {{"init", "--ledger", "folder"}},
                           {{"verify", "folder"}, 4},
                           {{"verify", "nothing"}, 4},
                           {{"strategies", "show"}},
                           {{"strategies", "show", "sma_cros"}, 4},
                           {{"strategies", "check", "nothing.so"}, 4},
                           {{"strategies", "new"}},
                           {{"strategies", "new", "Bad Name"}},
                           {{"strategies", "new", "good_name", "--dir", "folder"}},
                           {{"strategies", "list"}},
                           {{"completion"}},
                           {{"completion", "tcsh"}},
                           {{"reindex", "extra"}},
                           {{"doctor", "extra"}},
                           {{"sweep"}},
                           {{"serve"}},
                           {{"sql", "select 1"}},
                           {{"export"}},
                           {{"prove", run_}},
                           {{"backtest", "--stratgy", "x"}},
                           {{"nonsense"}}});
}

TEST(WithoutALedger, ACommandThatFailsMakesNone) {
  const Workplace place;
  expect_refusals(place, {{{"runs", "ls"}, 4},
                          {{"data", "ls"}, 4},
                          {{"verify"}, 4},
                          {{"reindex"}, 4},
                          {{"replay", "latest"}, 4},
                          {{"data", "import", "nothing.csv"}, 4},
                          {{"backtest", "-s", "sma_cross", "-t", "X"}, 4}});
  EXPECT_FALSE(std::filesystem::exists(place.ledger()));
}

}  // namespace
}  // namespace runledger::e2e
