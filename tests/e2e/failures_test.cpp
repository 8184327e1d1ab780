// What people see when a strategy, a disk or a reader fails, and when they press Ctrl-C.
#include <chrono>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "workplace.hpp"

namespace runledger::e2e {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;

class Failures : public testing::Test {
 protected:
  Failures() {
    place_.import_prices();
    std::filesystem::create_directory(place_.path() / "plugins");
    std::filesystem::copy_file(RL_MISBEHAVING, place_.path() / "plugins" / "misbehaving.so");
  }
  [[nodiscard]] std::vector<std::string> backtest(const std::string& strategy) const {
    return {"backtest", "-s", strategy, "-t", "STRESS", "--plugins", "plugins"};
  }
  Workplace place_;
};

TEST_F(Failures, ACrashIsToldWithSignalCallBarAndFramesAndIsRecorded) {
  const Outcome outcome = place_.run(backtest("segv"));
  EXPECT_EQ(outcome.status, 1) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("failed: SIGSEGV"));
  EXPECT_THAT(outcome.out, ContainsRegex("at bar [0-9]+ \\(2001-01-0[0-9]\\)"));
  EXPECT_THAT(outcome.out, HasSubstr("#0 "));
  EXPECT_THAT(outcome.err, HasSubstr("recorded as run "));

  EXPECT_EQ(place_.good({"runs", "count"}), "0\n");
  EXPECT_EQ(place_.good({"runs", "count", "--status", "failed"}), "1\n");
  EXPECT_THAT(place_.good({"runs", "ls", "--all"}), HasSubstr("failed"));
  const json run = place_.good_json({"runs", "ls", "--status", "failed"}).at("runs").at(0);
  const std::string id = std::to_string(run.at("id").get<int>());
  EXPECT_EQ(place_.good_json({"runs", "show", id}).at("failure").at("signal"), "SIGSEGV");
  EXPECT_EQ(place_.run({"runs", "show", id, "--chart"}).status, 1);
  EXPECT_EQ(place_.run({"runs", "show", id, "--trades", "--csv"}).status, 1);
  EXPECT_THAT(place_.good({"runs", "show", id, "--log"}), HasSubstr("SIGSEGV"));
}

TEST_F(Failures, AFailedRunAsJsonIsStillTheRun) {
  std::vector<std::string> words = backtest("segv");
  words.emplace_back("--json");
  const Outcome outcome = place_.run(words);
  EXPECT_EQ(outcome.status, 1);
  const json run = json::parse(outcome.out);
  EXPECT_EQ(run.at("status"), "failed");
  EXPECT_EQ(run.at("pnl"), nullptr);
  EXPECT_EQ(outcome.err, "runledger: " + run.at("failure").at("message").get<std::string>() + "\n");
}

TEST_F(Failures, AListOfFailedRunsSaysWhyEachFailed) {
  (void)place_.run({"backtest", "-s", std::string(RL_MISBEHAVING) + ":exits_7", "-t", "STRESS"});
  const std::vector<std::string> lines =
      lines_of(place_.good({"runs", "ls", "--status", "failed"}));
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_THAT(lines[0], AllOf(HasSubstr("reason"), testing::Not(HasSubstr("return [%]"))));
  EXPECT_THAT(lines[1], HasSubstr("exited with status 7 at bar "));
  (void)place_.good({"backtest", "-s", "sma_cross", "-t", "STRESS"});
  EXPECT_THAT(place_.good({"runs", "ls"}), testing::Not(HasSubstr("reason")));
  const json runs = place_.good_json({"runs", "ls", "--all"}).at("runs");
  EXPECT_EQ(runs.at(0).at("reason"), nullptr);
  EXPECT_THAT(runs.at(1).at("reason").get<std::string>(), HasSubstr("exited with status 7"));
}

TEST_F(Failures, AHangEndsAtItsTimeoutAndTheNextRunWorks) {
  std::vector<std::string> words = backtest("sleeps");
  words.insert(words.end(), {"--timeout", "0.3"});
  const Outcome outcome = place_.run(words);
  EXPECT_EQ(outcome.status, 1) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("failed: "));
  EXPECT_EQ(place_.run({"backtest", "-s", "sma_cross", "-t", "STRESS"}).status, 0);
}

TEST_F(Failures, ControlCEndsARunWith130AndRecordsNothing) {
  const json before = place_.good_json({"verify"});
  std::vector<std::string> words = backtest("sleeps");
  words.emplace_back("-v");
  test::RunningProgram program(place_.launch(words));
  // The line about the worker comes before the run starts; the flag works at any moment after it.
  while (program.err_so_far().find("the worker is") == std::string::npos) std::this_thread::yield();
  program.signal(SIGINT);
  const Outcome outcome = program.wait();
  EXPECT_EQ(outcome.status, 130) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(place_.good_json({"verify"}), before);
}

TEST_F(Failures, AReaderThatLeavesEarlyIsNoError) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  ::close(ends[0]);
  test::Launch launch = place_.launch({"data", "export", "STRESS"});
  launch.output = ends[1];
  const Outcome outcome = test::run_to_end(launch);
  ::close(ends[1]);
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.err, "");
}

TEST_F(Failures, AFullDiskUnderTheOutputIsAnErrorAndTheRunIsRecorded) {
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(full, 0);
  test::Launch launch = place_.launch({"backtest", "-s", "sma_cross", "-t", "STRESS"});
  launch.output = full;
  const Outcome outcome = test::run_to_end(launch);
  ::close(full);
  EXPECT_EQ(outcome.status, 5);
  EXPECT_THAT(outcome.err, HasSubstr("the output could not be written (no space is left)"));
  EXPECT_EQ(place_.good({"runs", "count"}), "1\n");
}

TEST_F(Failures, AFullDiskUnderAnExportIsTheReasonThatIsTold) {
  // More than one buffer, so that writing fails on the way and not only at the end.
  std::string rows = "Date,Open,High,Low,Close,Volume\n";
  for (int year = 1700; year < 2200; ++year)
    for (int month = 10; month < 13; ++month)
      for (int day = 10; day < 20; ++day)
        rows += std::to_string(year) + "-" + std::to_string(month) + "-" + std::to_string(day) +
                ",1,1,1,1,1\n";
  place_.write("LONG.csv", rows);
  (void)place_.good({"data", "import", "LONG.csv", "--interval", "1d"});
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(full, 0);
  test::Launch launch = place_.launch({"data", "export", "LONG"});
  launch.output = full;
  const Outcome outcome = test::run_to_end(launch);
  ::close(full);
  EXPECT_EQ(outcome.status, 5);
  EXPECT_EQ(outcome.err, "runledger: the output could not be written (no space is left)\n");
}

TEST_F(Failures, DamageIsFoundAndNamedWithStatus3) {
  std::filesystem::path blob;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(place_.ledger() / "blobs")) {
    if (entry.is_regular_file()) blob = entry.path();
  }
  ASSERT_FALSE(blob.empty());
  std::filesystem::permissions(blob, std::filesystem::perms::owner_write,
                               std::filesystem::perm_options::add);
  {
    std::fstream file(blob, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(12);
    const char byte = static_cast<char>(file.get() ^ 1);
    file.seekp(12);
    file.put(byte);
  }
  const Outcome outcome = place_.run({"verify"});
  EXPECT_EQ(outcome.status, 3) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("the ledger is damaged: 1 finding"));
  EXPECT_THAT(outcome.out, HasSubstr("\ndamage  The file " + blob.string() + " is damaged: "));
  EXPECT_EQ(outcome.out.find(blob.filename().string()), outcome.out.rfind(blob.stem().string()))
      << "its path and its name are told once";
  const Outcome as_json = place_.run({"verify", "--json"});
  EXPECT_EQ(as_json.status, 3);
  const json report = json::parse(as_json.out);
  EXPECT_EQ(report.at("ok"), false);
  EXPECT_FALSE(report.at("findings").at(0).at("message").get<std::string>().empty());
}

TEST_F(Failures, ALostHeadIsProposedShownAndReplacedOnlyWhenConfirmed) {
  std::ofstream(place_.ledger() / "HEAD", std::ios::trunc) << std::string(8'192, '\0');
  EXPECT_EQ(place_.run({"verify"}).status, 3);
  EXPECT_EQ(place_.run({"runs", "ls"}).status, 3);
  const Outcome asked = place_.run({"doctor", "--repair-head"});
  EXPECT_EQ(asked.status, 2);
  EXPECT_THAT(asked.out, HasSubstr("the log holds"));
  EXPECT_THAT(asked.err, HasSubstr("--yes answers it"));
  EXPECT_EQ(place_.run({"verify"}).status, 3);
  EXPECT_THAT(place_.good({"doctor", "--repair-head", "--yes"}), HasSubstr("HEAD was replaced"));
  EXPECT_THAT(place_.good({"verify"}), HasSubstr("the ledger is whole"));
  EXPECT_THAT(place_.good({"data", "ls"}), HasSubstr("STRESS"));
  (void)place_.good({"backtest", "-s", "sma_cross", "-t", "STRESS"});
  EXPECT_THAT(place_.good({"verify"}), HasSubstr("the ledger is whole"));
}

TEST_F(Failures, LookingAheadIsToldAndIsStatus1) {
  std::vector<std::string> words = backtest("peeks");
  words.emplace_back("--check-lookahead");
  const Outcome outcome = place_.run(words);
  EXPECT_EQ(outcome.status, 1) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("it looks ahead"));
  EXPECT_THAT(outcome.out, HasSubstr("with the real future: "));
  const json shown = place_.good_json({"runs", "show", "latest"}).at("look_ahead");
  EXPECT_EQ(shown.at("verdict"), "failed");
  EXPECT_TRUE(shown.at("bar").is_number());
  EXPECT_THAT(place_.good({"runs", "show", "latest"}), HasSubstr("it looks ahead"));
  const json honest =
      place_.good_json({"backtest", "-s", "sma_cross", "-t", "STRESS", "--check-lookahead"});
  EXPECT_EQ(honest.at("look_ahead").at("verdict"), "passed");
  EXPECT_EQ(honest.at("look_ahead").at("bar"), nullptr);
  const std::string id = std::to_string(honest.at("id").get<int>());
  EXPECT_THAT(place_.good({"runs", "history", id}), HasSubstr("looks ahead: passed"));
  const json again = place_.good_json({"replay", id, "--check-lookahead"});
  EXPECT_EQ(again.at("look_ahead").at("verdict"), "passed");
  EXPECT_THAT(place_.good({"verify"}), HasSubstr("the ledger is whole"));
}

TEST_F(Failures, ARunThatDoesNotComeOutAgainIsStatus1AndNotKnownToLookAhead) {
  std::vector<std::string> words = backtest("throws_dice");
  words.emplace_back("--check-lookahead");
  const Outcome outcome = place_.run(words);
  EXPECT_EQ(outcome.status, 1) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("whether it looks ahead is not known"));
}

// A terminal of 70 columns, or of another width; 0 is unknown. What a program wrote to it is small
// enough to wait inside.
class FakeTerminal {
 public:
  explicit FakeTerminal(unsigned short columns = 70)
      : master_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    char name[64];
    if (master_ < 0 || ::grantpt(master_) != 0 || ::unlockpt(master_) != 0 ||
        ::ptsname_r(master_, name, sizeof name) != 0) {
      return;
    }
    slave_ = ::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    const winsize size{24, columns, 0, 0};
    ::ioctl(master_, TIOCSWINSZ, &size);
  }
  ~FakeTerminal() {
    ::close(slave_);
    ::close(master_);
  }
  FakeTerminal(const FakeTerminal&) = delete;
  FakeTerminal& operator=(const FakeTerminal&) = delete;
  [[nodiscard]] int descriptor() const { return slave_; }
  [[nodiscard]] std::string read() const {
    std::string text(8'192, '\0');
    const ssize_t n = ::read(master_, text.data(), text.size());
    text.resize(n < 0 ? 0 : static_cast<std::size_t>(n));
    return text;
  }

 private:
  int master_;
  int slave_ = -1;
};

TEST_F(Failures, OnATerminalATableFitsAndIsColouredUnlessRefused) {
  (void)place_.good({"backtest", "-s", "sma_cross", "-t", "STRESS"});
  place_.set("TERM", "xterm");
  const auto shown = [&](std::vector<std::string> words) {
    const FakeTerminal terminal;
    test::Launch launch = place_.launch(std::move(words));
    launch.output = terminal.descriptor();
    EXPECT_EQ(test::run_to_end(launch).status, 0);
    return terminal.read();
  };
  const std::string text = shown({"runs", "ls"});
  EXPECT_THAT(text, HasSubstr("\x1b[1m"));
  EXPECT_THAT(text, HasSubstr("left out for width"));
  EXPECT_THAT(shown({"runs", "ls", "--no-color"}), testing::Not(HasSubstr("\x1b")));
  place_.set("NO_COLOR", "1");
  EXPECT_THAT(shown({"runs", "ls"}), testing::Not(HasSubstr("\x1b")));
}

TEST_F(Failures, ATableIsAsWideAsTheTerminalElseAsColumnsSaysAndWholeInAPipe) {
  (void)place_.good({"backtest", "-s", "sma_cross", "-t", "STRESS"});
  const auto shown = [&](unsigned short columns) {
    const FakeTerminal terminal(columns);
    test::Launch launch = place_.launch({"runs", "ls"});
    launch.output = terminal.descriptor();
    EXPECT_EQ(test::run_to_end(launch).status, 0);
    return terminal.read();
  };
  const auto is_whole = testing::Not(HasSubstr("left out for width"));
  const std::string piped = place_.good({"runs", "ls"});
  EXPECT_THAT(shown(200), is_whole);
  EXPECT_THAT(shown(0), HasSubstr("left out for width")) << "80 columns";
  place_.set("COLUMNS", "200");
  EXPECT_THAT(shown(0), is_whole);
  EXPECT_THAT(shown(70), HasSubstr("left out for width"));
  place_.set("COLUMNS", "40");
  EXPECT_EQ(place_.good({"runs", "ls"}), piped);
}

}  // namespace
}  // namespace runledger::e2e
