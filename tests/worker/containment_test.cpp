// Whatever a strategy does costs its own run and is told; the next run is as it always was.
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support.hpp"
#include "temporary_directory.hpp"

namespace runledger::test {
namespace {

using schema::FailureReason;
using std::chrono::milliseconds;
using testing::AnyOf;
using testing::Contains;
using testing::HasSubstr;
using testing::SizeIs;
using worker::Worker;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kShort{200};

struct Case {
  const char* strategy;
  FailureReason reason;
  const char* says;
  milliseconds timeout{20'000};
  const char* plugin = MISBEHAVING;
  bool needs_memory_limit = false;
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.strategy; }

std::string case_name(const testing::TestParamInfo<Case>& tested) { return tested.param.strategy; }

class Containment : public testing::TestWithParam<Case> {};

std::string expected_digest() {
  static const std::string digest = [] {
    Worker worker(worker_options());
    return hex(*completed(worker, call_of(MISBEHAVING, "steady")).result_digest);
  }();
  return digest;
}

void expect_undisturbed(Worker& worker) {
  const auto before = Clock::now();
  EXPECT_EQ(hex(*completed(worker, call_of(MISBEHAVING, "steady")).result_digest),
            expected_digest());
  EXPECT_LT(Clock::now() - before, milliseconds(kSanitized ? 5'000 : 1'000));
}

TEST_P(Containment, CostsThatRunOnly) {
  const Case& c = GetParam();
  if (c.needs_memory_limit && kSanitized) {
    GTEST_SKIP() << "a sanitizer build has no memory limit: its shadow memory is larger than any";
  }
  const std::string expected = expected_digest();
  Worker worker(worker_options());
  auto call = call_of(c.plugin, c.strategy);
  call.timeout = c.timeout;
  call.memory_limit = 256u << 20;
  const auto before = Clock::now();
  const auto failure = failure_of(worker, call);
  EXPECT_LT(Clock::now() - before, c.timeout + milliseconds(1'000));
  EXPECT_EQ(failure.reason, c.reason) << failure.message;
  EXPECT_THAT(failure.message, HasSubstr(c.says));
  expect_undisturbed(worker);
}

INSTANTIATE_TEST_SUITE_P(
    Signals, Containment,
    testing::Values(
        Case{"segv", FailureReason::crashed,
             "SIGSEGV in Misbehaving::on_bar at bar 4 (2009-01-05): it touched address 0x10."},
        Case{"null_call", FailureReason::crashed, "SIGSEGV in Misbehaving::on_bar at bar 4"},
        Case{"aborts", FailureReason::crashed, "SIGABRT in Misbehaving::on_bar at bar 4"},
        Case{"divides_by_zero", FailureReason::crashed, "an integer was divided by zero"},
        Case{"illegal", FailureReason::crashed, "SIGILL in Misbehaving::on_bar"},
        Case{"bus", FailureReason::crashed, "SIGBUS in Misbehaving::on_bar"},
        Case{"recursion", FailureReason::crashed, "the stack overflowed"},
        Case{"smashes_stack", FailureReason::crashed, "in Misbehaving::on_bar at bar 4"},
        Case{"kills_itself", FailureReason::worker_lost, "was killed from outside"},
        Case{"longjmps_out", FailureReason::crashed, "in Misbehaving::on_bar at bar 4"},
        Case{"crashes_in_create", FailureReason::crashed, "SIGABRT in Misbehaving::create"},
        Case{"crashes_in_a_thread", FailureReason::crashed, "it touched address 0x20"}),
    case_name);

INSTANTIATE_TEST_SUITE_P(
    Leaving, Containment,
    testing::Values(Case{"exits", FailureReason::exited,
                         "Misbehaving::on_bar called exit(0) at bar 4 (2009-01-05)"},
                    Case{"exits_7", FailureReason::exited, "called exit(7)"},
                    Case{"exits_at_once", FailureReason::exited, "called _exit(0)"},
                    Case{"refuses_to_start", FailureReason::refused_to_start,
                         "today is no day for it"}),
    case_name);

INSTANTIATE_TEST_SUITE_P(
    Throwing, Containment,
    testing::Values(
        Case{"throws_error", FailureReason::threw,
             "throws_error::on_bar threw an exception at bar 0 (2009-01-01): boom", kShort * 100,
             THROWING},
        Case{"throws_number", FailureReason::threw, "no std::exception", kShort * 100, THROWING},
        Case{"throws_nowhere", FailureReason::threw, "dead end", kShort * 100, THROWING},
        Case{"throws_in_thread", FailureReason::threw, "far away", kShort * 100, THROWING}),
    case_name);

INSTANTIATE_TEST_SUITE_P(
    NeverReturning, Containment,
    testing::Values(Case{"spins", FailureReason::timed_out,
                         "The run took longer than the limit of 0.2 s; it was in "
                         "Misbehaving::on_bar at bar 4 (2009-01-05).",
                         kShort},
                    Case{"sleeps", FailureReason::timed_out,
                         "it was in Misbehaving::on_bar at bar 4 (2009-01-05).", kShort},
                    Case{"sleeps_once", FailureReason::timed_out,
                         "it was in Misbehaving::on_bar at bar 4 (2009-01-05).", kShort},
                    Case{"polls_once", FailureReason::timed_out,
                         "it was in Misbehaving::on_bar at bar 4 (2009-01-05).", kShort},
                    Case{"ignores_terminate", FailureReason::timed_out, "longer", kShort},
                    Case{"stops_itself", FailureReason::timed_out, "longer", kShort},
                    Case{"prints_for_ever", FailureReason::timed_out, "longer", kShort}),
    case_name);

INSTANTIATE_TEST_SUITE_P(Memory, Containment,
                         testing::Values(Case{"allocates_checked", FailureReason::reported,
                                              "malloc returned NULL", kShort * 100, MISBEHAVING,
                                              true},
                                         Case{"allocates_unchecked", FailureReason::out_of_memory,
                                              "it may use 256 MB", kShort * 100, MISBEHAVING, true},
                                         Case{"allocates", FailureReason::out_of_memory,
                                              "ran out of memory", kShort * 100, THROWING, true},
                                         Case{"spins_without_memory", FailureReason::timed_out,
                                              "MB of the 256 MB of memory that it may use",
                                              kShort * 10, MISBEHAVING, true}),
                         case_name);

INSTANTIATE_TEST_SUITE_P(
    Limits, Containment,
    testing::Values(Case{"lifts_memory_limit", FailureReason::broke_contract,
                         "Misbehaving::on_bar called setrlimit or prlimit at bar 4 (2009-01-05), "
                         "which a strategy may not do."},
                    Case{"limits_its_time", FailureReason::broke_contract, "called setrlimit"},
                    Case{"lifts_limit_of_files_itself", FailureReason::broke_contract,
                         "called setrlimit at"},
                    Case{"changes_limit_of_its_parent", FailureReason::broke_contract,
                         "called setrlimit or prlimit"},
                    Case{"lifts_limits_in_spite", FailureReason::reported,
                         "malloc returned NULL after 3 refusals", kShort * 100, MISBEHAVING, true}),
    case_name);

INSTANTIATE_TEST_SUITE_P(
    Processes, Containment,
    testing::Values(
        Case{"forks", FailureReason::broke_contract,
             "Misbehaving::on_bar called fork at bar 4 (2009-01-05), which a strategy may not"},
        Case{"forks_for_ever", FailureReason::broke_contract, "called fork"},
        Case{"starts_a_program", FailureReason::broke_contract,
             "such as one that starts a program"},
        Case{"opens_a_socket", FailureReason::broke_contract, "called socket"},
        Case{"kills_its_parent", FailureReason::broke_contract, "called kill"},
        Case{"leaves_a_thread", FailureReason::left_threads, "it left 1 thread running"},
        Case{"writes_a_file", FailureReason::broke_contract, "called open to write"},
        Case{"closes_everything", FailureReason::broke_contract, "closed files"},
        Case{"writes_to_the_channel", FailureReason::protocol, "not well formed"},
        Case{"changes_rounding", FailureReason::changed_fp_state, "floating-point"}),
    case_name);

class Loading : public testing::TestWithParam<Case> {};

TEST_P(Loading, ALibraryThatMisbehavesThereIsTold) {
  const Case& c = GetParam();
  Worker worker(worker_options());
  auto call = call_of(c.plugin, "any");
  call.timeout = c.timeout;
  const auto failure = failure_of(worker, call);
  EXPECT_EQ(failure.reason, c.reason) << failure.message;
  EXPECT_EQ(failure.call, schema::PluginCall::load);
  EXPECT_THAT(failure.message, HasSubstr(c.says));
  const auto described = value_of(worker.describe(CRASHES_AT_LOAD));
  ASSERT_FALSE(described);
  EXPECT_EQ(described.error().reason, FailureReason::crashed);
  expect_undisturbed(worker);
}

INSTANTIATE_TEST_SUITE_P(
    , Loading,
    testing::Values(Case{"exits", FailureReason::exited, "while it was loaded", kShort * 100,
                         EXITS_AT_LOAD},
                    Case{"crashes", FailureReason::crashed, "SIGABRT in the library", kShort * 100,
                         CRASHES_AT_LOAD},
                    Case{"hangs", FailureReason::timed_out, "longer than", kShort, HANGS_AT_LOAD}),
    case_name);

TEST(Library, ThatHangsWhileItIsLoadedCostsTheTimeOfDescribing) {
  auto options = worker_options();
  options.describe_timeout = kShort;
  Worker worker(options);
  const auto before = Clock::now();
  const auto described = value_of(worker.describe(HANGS_AT_LOAD));
  EXPECT_LT(Clock::now() - before, kShort + milliseconds(1'000));
  ASSERT_FALSE(described);
  EXPECT_EQ(
      described.error().message,
      "Describing the plugin took longer than the limit of 0.2 s; it was in the library while "
      "it was loaded.");
  expect_undisturbed(worker);
}

TEST(Library, ThatHangsIsGivenUpWhenThatIsWanted) {
  const std::atomic<bool> cancelled = true;
  auto options = worker_options();
  options.describe_cancelled = &cancelled;
  Worker worker(options);
  const auto before = Clock::now();
  const auto described = worker.describe(HANGS_AT_LOAD);
  EXPECT_LT(Clock::now() - before, milliseconds(1'500));
  ASSERT_FALSE(described);
  EXPECT_EQ(described.error().code, ErrorCode::interrupted);
}

TEST(Library, ATruncatedOneIsTold) {
  const TemporaryDirectory folder;
  const auto path = folder.path() / "truncated.so";
  std::filesystem::copy_file(MISBEHAVING, path);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 3);
  Worker worker(worker_options());
  const auto failure = failure_of(worker, call_of(path.c_str(), "steady"));
  EXPECT_THAT(failure.reason, AnyOf(FailureReason::not_loadable, FailureReason::crashed));
  expect_undisturbed(worker);
}

// What is no fault of the run but changes the process: the result counts, the process does not
// stay.
class Retiring : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(Retiring, AProcessThatIsNotAsItWasServesNoOtherRun) {
  const auto& [strategy, says] = GetParam();
  Worker worker(worker_options());
  const auto reply = completed(worker, call_of(MISBEHAVING, strategy));
  EXPECT_THAT(reply.retire, HasSubstr(says));
  expect_undisturbed(worker);
}

INSTANTIATE_TEST_SUITE_P(, Retiring,
                         testing::Values(std::pair{"changes_locale", "locale"},
                                         std::pair{"changes_directory", "working directory"},
                                         std::pair{"changes_signal_mask", "signal mask"},
                                         std::pair{"changes_umask", "file mode mask"},
                                         std::pair{"changes_environment", "environment"},
                                         std::pair{"changes_handlers", "signal handler"},
                                         std::pair{"leaves_an_alarm", "timer"},
                                         std::pair{"leaves_a_timer", "timer"},
                                         std::pair{"opens_a_file", "files"}),
                         [](const auto& tested) { return tested.param.first; });

// What looks dangerous and is not.
class Harmless : public testing::TestWithParam<const char*> {};

TEST_P(Harmless, CompletesAndStays) {
  Worker worker(worker_options());
  const auto reply = completed(worker, call_of(MISBEHAVING, GetParam()));
  EXPECT_EQ(reply.retire, "");
  expect_undisturbed(worker);
}

INSTANTIATE_TEST_SUITE_P(, Harmless,
                         testing::Values("joins_its_thread", "reads_its_limits",
                                         "writes_everywhere", "prints_64_megabytes",
                                         "logs_a_million_lines"),
                         [](const auto& tested) { return tested.param; });

// Whether a process was started by this path.
bool is_running(const std::filesystem::path& program) {
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream command(entry.path() / "cmdline");
    std::string first;
    if (std::getline(command, first, '\0') && first == program.string()) return true;
  }
  return false;
}

TEST(Orphans, NothingIsLeftWhenTheClientIsKilled) {
  const TemporaryDirectory folder;
  auto options = worker_options();
  options.program = folder.path() / "worker";
  std::filesystem::create_symlink(WORKER_PROGRAM, options.program);
  std::array<int, 2> ready{-1, -1};
  ASSERT_EQ(::pipe(ready.data()), 0);
  const pid_t client = ::fork();
  ASSERT_GE(client, 0);
  if (client == 0) {
    Worker worker(options);
    auto call = call_of(MISBEHAVING, "spins");
    call.progress = [&](std::uint64_t bar) {
      if (bar == 4 && ::write(ready[1], "x", 1) != 1) ::_exit(1);
    };
    const auto outcome = worker.run(call);
    ::_exit(outcome.has_value() ? 1 : 2);
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  ASSERT_TRUE(is_running(options.program));
  ::kill(client, SIGKILL);
  ::waitpid(client, nullptr, 0);
  const auto deadline = Clock::now() + std::chrono::seconds(10);
  while (is_running(options.program) && Clock::now() < deadline) {
  }
  EXPECT_FALSE(is_running(options.program));
  ::close(ready[0]);
  ::close(ready[1]);
}

// The layers beneath the system call filter, for a kernel that has none.
class Unconfined : public testing::Test {
 protected:
  static worker::WorkerOptions options() {
    auto options = worker_options();
    options.confine = false;
    return options;
  }
  Worker worker_{options()};
};

TEST_F(Unconfined, AProcessThatWasLeftBehindIsEnded) {
  const auto failure = failure_of(worker_, call_of(MISBEHAVING, "forks_twice_and_crashes"));
  EXPECT_EQ(failure.reason, FailureReason::crashed) << failure.message;
  EXPECT_THAT(failure.message, HasSubstr(" It left 1 process behind, which was ended."));
  const auto two = failure_of(worker_, call_of(MISBEHAVING, "forks_twice_each_time_and_crashes"));
  EXPECT_THAT(two.message, HasSubstr(" It left 2 processes behind, which were ended."));
  expect_undisturbed(worker_);
}

TEST_F(Unconfined, NothingIsLeftOfAStrategyThatKillsItsParent) {
  const TemporaryDirectory folder;
  auto options = Unconfined::options();
  options.program = folder.path() / "worker";
  std::filesystem::create_symlink(WORKER_PROGRAM, options.program);
  {
    Worker worker(options);
    const auto failure =
        failure_of(worker, call_of(MISBEHAVING, "forks_twice_and_kills_its_parent"));
    EXPECT_EQ(failure.reason, FailureReason::worker_lost) << failure.message;
  }
  EXPECT_FALSE(is_running(options.program));
}

TEST_F(Unconfined, AProcessWithAChildServesNoOtherRun) {
  const auto reply = completed(worker_, call_of(MISBEHAVING, "forks"));
  EXPECT_THAT(reply.retire, HasSubstr("left a process running"));
  expect_undisturbed(worker_);
}

TEST_F(Unconfined, AStrategyThatKillsItsParentDoesNotKillUs) {
  const auto failure = failure_of(worker_, call_of(MISBEHAVING, "kills_its_parent"));
  EXPECT_EQ(failure.reason, FailureReason::worker_lost) << failure.message;
  expect_undisturbed(worker_);
}

TEST_F(Unconfined, AFileCannotBeFilled) {
  const auto failure = failure_of(worker_, call_of(MISBEHAVING, "writes_a_file"));
  EXPECT_EQ(failure.reason, FailureReason::crashed) << failure.message;
  EXPECT_THAT(failure.message, HasSubstr("SIGXFSZ"));
  std::filesystem::remove("/tmp/runledger-test-written-by-a-strategy");
  expect_undisturbed(worker_);
}

}  // namespace
}  // namespace runledger::test
