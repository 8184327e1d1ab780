#include <chrono>

#include <runledger/app/strategies.hpp>
#include <runledger/ledger/ledger.hpp>

#include "execution.hpp"
#include "ledger_access.hpp"
#include "run_subject.hpp"
#include "workbench.hpp"

namespace runledger::app {
namespace {

namespace fs = std::filesystem;
using test::Workbench;

// Plugins that go wrong on purpose.
class Failure : public Workbench {
 protected:
  Failure() { import(write_prices("ACME.csv", 300)); }
  [[nodiscard]] RunOptions misbehaving(const std::string& strategy) const {
    RunOptions options = Workbench::options("ACME");
    options.strategy = std::string(MISBEHAVING) + ":" + strategy;
    return options;
  }
  [[nodiscard]] std::uint64_t events() const {
    return ledger::Reader::open(context_.ledger, {})->head().size.value;
  }
};

TEST_F(Failure, OfACrashIsRecordedWithSignalBarAndDate) {
  const RunDetail run = this->run(misbehaving("segv"));
  EXPECT_EQ(run.status, "failed");
  ASSERT_TRUE(run.failure);
  EXPECT_EQ(run.failure->reason, "crashed");
  EXPECT_EQ(run.failure->signal, "SIGSEGV");
  EXPECT_EQ(run.failure->call, "on_bar");
  EXPECT_TRUE(run.failure->bar && run.failure->bar_time);
  EXPECT_FALSE(run.failure->message.empty());
  EXPECT_EQ(count_runs(context_, {}), 0U);
  RunQuery failed;
  failed.status = "failed";
  EXPECT_EQ(list_runs(context_, failed)->runs.at(0).id, run.id);
}

TEST_F(Failure, OfAListedRunIsToldInAFewWords) {
  for (const char* strategy : {"segv", "exits_7", "changes_rounding"})
    (void)run(misbehaving(strategy));
  (void)run(options("ACME"));
  RunQuery all;
  all.all = true;
  auto page = list_runs(context_, all);
  ASSERT_TRUE(page) << page.error().message;
  ASSERT_TRUE(read_failures(context_, page->runs));
  ASSERT_EQ(page->runs.size(), 4U);
  EXPECT_EQ(page->runs[0].failure, "");
  const auto told = [&](std::size_t row) { return page->runs[row].failure; };
  const auto bar = [&](std::size_t row) {
    return std::to_string(*detail(page->runs[row].id).failure->bar);
  };
  EXPECT_EQ(told(1).find("changed fp state"), 0U) << told(1);
  EXPECT_NE(told(1).find(": it"), std::string::npos) << told(1);
  EXPECT_EQ(told(2), "exited with status 7 at bar " + bar(2));
  EXPECT_EQ(told(3), "crashed: SIGSEGV at bar " + bar(3));
}

TEST_F(Failure, NamesThePluginAndNotItsCopyInTheFrames) {
  const RunDetail run = this->run(misbehaving("segv"));
  ASSERT_TRUE(run.failure && !run.failure->frames.empty());
  EXPECT_NE(run.failure->frames.front().find(" in " + fs::path(MISBEHAVING).filename().string()),
            std::string::npos)
      << run.failure->frames.front();
}

TEST_F(Failure, LeavesTheNextRunUnharmed) {
  EXPECT_EQ(run(misbehaving("exits")).failure->reason, "exited");
  EXPECT_EQ(run(options("ACME")).status, "completed");
}

TEST_F(Failure, OfAHangCostsItsTimeoutOnly) {
  RunOptions options = misbehaving("spins");
  options.timeout = "0.3";
  const RunDetail run = this->run(options);
  EXPECT_EQ(run.failure->reason, "timed_out");
  EXPECT_EQ(run.timeout_ms, 300U);
}

TEST_F(Failure, OfALibraryThatHangsWhileItIsLoadedCostsTheTimeoutOfTheRun) {
  RunOptions options = Workbench::options("ACME");
  options.strategy = HANGS_AT_LOAD;
  options.timeout = "0.3";
  const auto before = std::chrono::steady_clock::now();
  const auto refused = backtest(context_, options);
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(3));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_input);
  EXPECT_EQ(
      refused.error().message,
      std::string(HANGS_AT_LOAD) +
          " cannot be used: Describing the plugin took longer than the limit of 0.3 s; it was "
          "in the library while it was loaded.");
}

TEST_F(Failure, CanBeReplayedAndFailsAgain) {
  const RunDetail parent = run(misbehaving("aborts"));
  const RunDetail child = replay({.run = "latest", .overrides = {}});
  EXPECT_EQ(child.parent, parent.id);
  EXPECT_EQ(child.failure->signal, "SIGABRT");
}

TEST_F(Failure, HasNoTradesToShow) {
  const RunDetail run = this->run(misbehaving("segv"));
  const auto evidence = recompute(context_, run.id, {});
  ASSERT_FALSE(evidence);
  EXPECT_EQ(evidence.error().code, ErrorCode::run_failed);
}

TEST_F(Failure, OfARepeatedRequestIsTheSameRun) {
  RunOptions options = misbehaving("segv");
  options.request_id = "once";
  const auto first = backtest(context_, options);
  const auto second = backtest(context_, options);
  ASSERT_TRUE(first && second);
  EXPECT_FALSE(first->completed);
  EXPECT_TRUE(second->already_recorded);
  EXPECT_EQ(second->id, first->id);
}

TEST_F(Failure, ToStartWithItsParametersIsNoRun) {
  const std::uint64_t before = events();
  RunOptions options = Workbench::options("ACME");
  options.parameters = {"fast=50", "slow=30"};
  const auto receipt = backtest(context_, options);
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().code, ErrorCode::invalid_input);
  EXPECT_EQ(receipt.error().message,
            "sma_cross refused to start: fast must be smaller than slow; nothing was recorded");
  EXPECT_FALSE(backtest(context_, misbehaving("refuses_to_start")));
  EXPECT_EQ(events(), before);
}

TEST_F(Failure, InCreateThatIsNoRefusalIsRecorded) {
  const RunDetail run = this->run(misbehaving("crashes_in_create"));
  ASSERT_TRUE(run.failure);
  EXPECT_EQ(run.failure->reason, "crashed");
  EXPECT_EQ(run.failure->call, "create");
}

TEST_F(Failure, OfADebuggerThatCannotBeStartedIsNoRun) {
  const std::uint64_t before = events();
  const fs::path plain = write_file("plain.txt", "no program");
  for (const std::string& under :
       {std::string(), std::string("  "), std::string("\t"), std::string("no-such-debugger --args"),
        std::string("A=1 no-such-debugger"), plain.string(), folder().string(),
        std::string("/no/such/gdb --args"), std::string("gdb --args 'x"), std::string("env \"A=1"),
        std::string("env \\")}) {
    context_.under = under;
    const auto receipt = backtest(context_, options("ACME"));
    ASSERT_FALSE(receipt) << under;
    EXPECT_EQ(receipt.error().code, ErrorCode::invalid_input) << under;
  }
  EXPECT_EQ(events(), before);
  for (const char* under :
       {"env A=1", "env\tA=1", "\tenv", "env 'A=\"1'", "env \"A='1\"", "env A=\\'"}) {
    context_.under = under;
    EXPECT_TRUE(backtest(context_, options("ACME"))) << under;
  }
}

TEST_F(Failure, OfADebuggerThatNeverStartsTheWorkerIsNoRun) {
  const std::uint64_t before = events();
  for (const char* under : {"true", "false", "sleep 0.01;true", "env false"}) {
    context_.under = under;
    const auto receipt = backtest(context_, options("ACME"));
    ASSERT_FALSE(receipt) << under;
    EXPECT_EQ(receipt.error().code, ErrorCode::invalid_input) << under;
    EXPECT_NE(receipt.error().message.find("ended before the strategy was run"), std::string::npos)
        << receipt.error().message;
  }
  EXPECT_EQ(events(), before);
}

TEST_F(Failure, OfARunUnderADebuggerIsRecorded) {
  context_.under = "env";
  EXPECT_EQ(run(misbehaving("segv")).status, "failed");
}

TEST_F(Failure, ToGiveTheSameResultAgainIsNotShownAsTheRecordedRun) {
  const RunDetail run = this->run(misbehaving("throws_dice"));
  ASSERT_EQ(run.status, "completed");
  const auto evidence = recompute(context_, run.id, {});
  ASSERT_FALSE(evidence);
  EXPECT_EQ(evidence.error().code, ErrorCode::differs);
}

TEST_F(Failure, OfAFileWithManyStrategiesWhenNoneIsNamed) {
  RunOptions options = Workbench::options("ACME");
  options.strategy = MISBEHAVING;
  EXPECT_EQ(backtest(context_, options).error().code, ErrorCode::invalid_input);
  options.strategy = std::string(MISBEHAVING) + ":absent";
  EXPECT_EQ(backtest(context_, options).error().code, ErrorCode::not_found);
}

TEST_F(Failure, ToFindTheWorkerIsNoRun) {
  context_.layout.worker = "/no/such/worker";
  const auto receipt = backtest(context_, options("ACME"));
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().code, ErrorCode::not_found);
}

class WarmWorker : public Failure {};

TEST_F(WarmWorker, GivesTheResultOfAFreshOne) {
  const RunDetail run = this->run(options("ACME"));
  const auto reader = open_reader(context_);
  ASSERT_TRUE(reader) << reader.error().message;
  const ledger::BlobStore blobs(context_.ledger);
  const auto subject = open_subject(*reader, blobs, run.id);
  ASSERT_TRUE(subject) << subject.error().message;
  const auto plugin = plugin_of(context_, blobs, *subject);
  ASSERT_TRUE(plugin) << plugin.error().message;
  worker::Worker worker = make_worker(context_);
  for (int i = 0; i < 3; ++i) {
    const auto outcome =
        execute(context_, worker, subject->spec, *plugin, subject->bars, {.result = true});
    ASSERT_TRUE(outcome && *outcome);
    EXPECT_EQ(sha256((*outcome)->result), run.result_digest);
  }
}

}  // namespace
}  // namespace runledger::app
