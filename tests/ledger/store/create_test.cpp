#include <algorithm>
#include <fstream>
#include <set>
#include <thread>

#include <sys/stat.h>

#include "event.hpp"
#include "ledger_fixture.hpp"

namespace runledger::ledger {
namespace {

namespace fs = std::filesystem;

class Creating : public ::testing::Test {
 protected:
  Status make(const fs::path& path, const std::string& origin = "") {
    return create(path, {.origin = origin, .program = "runledger 1.2", .actor = "me@here"});
  }
  std::size_t entries() {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(directory_.path()), fs::directory_iterator()));
  }
  runledger::test::TemporaryDirectory directory_{runledger::test::fast_directory()};
  fs::path path_ = directory_.path() / "ledger";
};

TEST_F(Creating, OpensTheLogWithAnEventThatNamesItsOrigin) {
  ASSERT_TRUE(make(path_, "desk-7"));
  EXPECT_TRUE(is_ledger(path_));
  const auto event = Reader::open(path_, {})->event(Seq(0));
  ASSERT_TRUE(event);
  const auto& content = event_in(event->bytes());
  const auto* opened = content.payload_as_LedgerOpened();
  ASSERT_NE(opened, nullptr);
  EXPECT_EQ(opened->origin()->str(), "desk-7");
  EXPECT_EQ(opened->program()->str(), "runledger 1.2");
  EXPECT_EQ(opened->format(), kFormatVersion);
  EXPECT_EQ(content.actor()->name()->str(), "me@here");
}

TEST_F(Creating, RefusesAnOriginThatNoSignedNoteCouldName) {
  for (const std::string origin : {"my ledger", "a+b", "caf\u00e9", "tab\there"}) {
    const Status made = make(path_, origin);
    ASSERT_FALSE(made) << origin;
    EXPECT_EQ(made.error().code, ErrorCode::invalid_input);
  }
  EXPECT_FALSE(make(path_, std::string(101, 'x')));
  EXPECT_EQ(entries(), 0U);
  EXPECT_TRUE(make(path_, "example.com/desk-7"));
}

TEST_F(Creating, ChoosesAnOriginThatNoOtherLedgerHas) {
  std::set<std::string> origins;
  for (int i = 0; i < 2; ++i) {
    const fs::path path = directory_.path() / std::to_string(i);
    ASSERT_TRUE(make(path));
    const auto event = Reader::open(path, {})->event(Seq(0));
    origins.insert(event_in(event->bytes()).payload_as_LedgerOpened()->origin()->str());
  }
  EXPECT_EQ(origins.size(), 2u);
  EXPECT_TRUE(origins.begin()->starts_with("runledger-"));
  EXPECT_EQ(origins.begin()->size(), std::string("runledger-").size() + 12);
}

TEST_F(Creating, FillsAnEmptyDirectoryAndMakesMissingParents) {
  fs::create_directory(path_);
  EXPECT_TRUE(make(path_.string() + "/"));
  EXPECT_TRUE(is_ledger(path_));
  EXPECT_TRUE(make(directory_.path() / "a" / "b" / "c"));
}

TEST_F(Creating, KeepsItsSecretsToItsUser) {
  ASSERT_TRUE(make(path_));
  struct stat status{};
  ASSERT_EQ(::stat((path_ / "keys").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
}

TEST_F(Creating, RefusesADirectoryThatHoldsAnything) {
  fs::create_directories(path_ / "something");
  EXPECT_EQ(make(path_).error().code, ErrorCode::conflict);
  EXPECT_FALSE(is_ledger(path_));
  EXPECT_EQ(entries(), 1u);
}

TEST_F(Creating, RefusesALedgerAndLeavesItAlone) {
  ASSERT_TRUE(make(path_, "first"));
  const auto again = make(path_, "second");
  EXPECT_EQ(again.error().code, ErrorCode::conflict);
  EXPECT_NE(again.error().message.find("is a ledger already"), std::string::npos);
  EXPECT_EQ(entries(), 1u);
}

TEST_F(Creating, LeavesNothingWhereItCannot) {
  std::ofstream(path_) << "a file";
  EXPECT_FALSE(make(path_));
  EXPECT_FALSE(make(path_ / "below a file"));
  EXPECT_FALSE(make(directory_.path() / std::string(300, 'x')));
  EXPECT_FALSE(make(directory_.path() / "x", std::string(2u << 20, 'o')));
  EXPECT_EQ(entries(), 1u);
}

TEST_F(Creating, ByManyAtOnceMakesOneLedger) {
  std::vector<int> made(6, 0);
  std::vector<std::thread> threads;
  for (auto& mine : made) threads.emplace_back([&] { mine = make(path_) ? 1 : 0; });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(std::ranges::count(made, 1), 1);
  EXPECT_EQ(entries(), 1u);
  EXPECT_TRUE(Reader::open(path_, {}));
}

}  // namespace
}  // namespace runledger::ledger
