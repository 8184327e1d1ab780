// A ledger that is damaged, rolled back or unfinished, as verify and doctor show it to people and
// to scripts.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

#include "workplace.hpp"

namespace runledger::e2e {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Damage : public ::testing::Test {
 protected:
  Damage() { place_.import_prices(); }
  json report(const std::vector<std::string>& words, int status) const {
    std::vector<std::string> all = words;
    all.emplace_back("--json");
    const Outcome outcome = place_.run(all);
    EXPECT_EQ(outcome.status, status) << outcome.out << outcome.err;
    return json::parse(outcome.out, nullptr, false);
  }
  void keep(const std::string& name) const {
    fs::copy(place_.ledger() / name, place_.path() / ("kept-" + name), fs::copy_options::recursive);
  }
  void put_back(const std::string& name) const {
    fs::remove_all(place_.ledger() / name);
    fs::copy(place_.path() / ("kept-" + name), place_.ledger() / name, fs::copy_options::recursive);
  }
  // An older database under a newer HEAD: events 2 to 4 are lost.
  void roll_back() const {
    keep("db");
    (void)place_.good({"backtest", "-s", "sma_cross", "-t", "STRESS"});
    put_back("db");
  }

  Workplace place_;
};

TEST_F(Damage, OfARolledBackDatabaseSaysWhatIsMissingAndWhatSurvives) {
  roll_back();
  const Outcome outcome = place_.run({"verify"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("acknowledged  5 events"), HasSubstr("events 2 to 4"),
                                 HasSubstr("2 events are there (0 to 1), all of them whole"),
                                 HasSubstr("Restore a backup"), HasSubstr("doctor --repair-head"),
                                 HasSubstr("the ledger is damaged: 1 finding"),
                                 Not(HasSubstr("runledger verify"))));
  const json verify = report({"verify"}, 3);
  EXPECT_EQ(verify.at("ok"), false);
  EXPECT_EQ(verify.at("size"), 2);
  EXPECT_EQ(verify.at("events_checked"), 2);
  EXPECT_EQ(verify.at("acknowledged").at("size"), 5);
  EXPECT_EQ(verify.at("acknowledged").at("root").get<std::string>().size(), 64U);
  EXPECT_EQ(verify.at("missing"), (json{{"first", 2}, {"last", 4}}));
  EXPECT_EQ(verify.at("findings").size(), 1U);
}

TEST_F(Damage, IsStatus3OfDoctorToo) {
  roll_back();
  const Outcome outcome = place_.run({"doctor"});
  EXPECT_EQ(outcome.status, 3) << outcome.out;
  EXPECT_THAT(outcome.out, HasSubstr("broken"));
  const json doctor = report({"doctor"}, 3);
  EXPECT_EQ(doctor.at("ok"), false);
  bool named = false;
  for (const json& finding : doctor.at("findings"))
    named = named || finding.at("code") == "rolled_back";
  EXPECT_TRUE(named) << doctor.dump(1);
  std::ofstream(place_.ledger() / "FORMAT", std::ios::trunc) << "other";
  EXPECT_EQ(place_.run({"doctor"}).status, 3);
}

TEST_F(Damage, ThatTookFormatAwayIsNotTakenForAnEmptyFolder) {
  fs::remove(place_.ledger() / "FORMAT");
  for (const std::vector<std::string>& words : {std::vector<std::string>{"runs", "ls"},
                                                {"verify"},
                                                {"doctor"},
                                                {"data", "import", "STRESS.csv"}}) {
    const Outcome outcome = place_.run(words);
    EXPECT_EQ(outcome.status, 3) << words.front() << ": " << outcome.err;
    EXPECT_THAT(outcome.out + outcome.err, HasSubstr("FORMAT")) << words.front();
  }
  std::ofstream(place_.ledger() / "FORMAT") << "runledger ledger\nformat 1\n";
  EXPECT_THAT(place_.good({"verify"}), HasSubstr("the ledger is whole"));
}

TEST_F(Damage, ByARollbackIsLeftBehindKnowingly) {
  roll_back();
  EXPECT_THAT(place_.good({"doctor", "--repair-head", "--yes"}),
              HasSubstr("3 events that were acknowledged would be given up"));
  EXPECT_THAT(place_.good({"verify"}), HasSubstr("the ledger is whole"));
  (void)place_.good({"doctor"});
  (void)place_.good({"backtest", "-s", "sma_cross", "-t", "STRESS"});
}

TEST_F(Damage, IsNotWhatAPowerCutLeavesOfHeadAndNothingIsWritten) {
  (void)place_.good({"backtest", "-s", "sma_cross", "-t", "STRESS"});
  const fs::path head = place_.ledger() / "HEAD";
  std::string bytes(8'192, '\0');
  std::ifstream(head, std::ios::binary).read(bytes.data(), 8'192);
  bytes[4'096 + 30] = 'x';  // of the newest slot: generation 3
  std::ofstream(head, std::ios::binary) << bytes;
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(place_.good({"verify"}), AllOf(HasSubstr("note  One of HEAD's two slots is torn"),
                                               HasSubstr("the ledger is whole")));
    EXPECT_THAT(place_.good({"doctor"}), HasSubstr("One of HEAD's two slots is torn"));
  }
  const json verify = place_.good_json({"verify"});
  EXPECT_EQ(verify.at("findings").size(), 0U);
  EXPECT_EQ(verify.at("notes").at(0).at("where"), "HEAD");
  std::string after(8'192, '\0');
  std::ifstream(head, std::ios::binary).read(after.data(), 8'192);
  EXPECT_EQ(after, bytes);
}

TEST_F(Damage, IsNotAFileThatDoesNotBelongThere) {
  place_.write("runledger-data/notes.txt", "mine");
  EXPECT_THAT(place_.good({"verify"}), AllOf(HasSubstr("note  notes.txt: It is no file of a"),
                                             HasSubstr("the ledger is whole")));
  EXPECT_TRUE(fs::exists(place_.ledger() / "notes.txt"));
}

}  // namespace
}  // namespace runledger::e2e
