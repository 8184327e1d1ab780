#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <runledger/base/result.hpp>
#include <runledger/worker/check.hpp>
#include <runledger/worker/shared_bars.hpp>

namespace runledger::worker {

// Of tools/worker/PROTOCOL.md: how a worker of this build is started and spoken to.
inline constexpr std::uint16_t kProtocolVersion = 1;

inline constexpr std::chrono::milliseconds kTimeoutDefault{60'000};
inline constexpr std::chrono::milliseconds kDescribeTimeoutDefault{5'000};
inline constexpr std::uint64_t kMemoryLimitDefault = 1u << 30;
// The end of a plugin's output that is kept when it fails.
inline constexpr std::size_t kOutputBytesMax = 16u << 10;

struct WorkerOptions {
  std::filesystem::path program;  // absolute
  // What runs the program, e.g. a recorded {"/x/ld-linux-x86-64.so.2", "--library-path", "/x"}.
  std::vector<std::string> prefix{};
  // A debugger's command, e.g. "gdb --args": the worker runs in the foreground, with the terminal
  // and the caller's environment, unconfined, for one call, whose timeout had better be 0. Ctrl-C
  // goes to the debugger meanwhile. Empty: none.
  std::string under{};
  // Whether system calls that no strategy needs are refused; off only to test what holds without.
  bool confine = true;
  // No more than this to load a library and tell what is in it. Of a run, loading counts to its
  // own.
  std::chrono::milliseconds describe_timeout = kDescribeTimeoutDefault;
  // When it becomes true describing is given up within 0.1 s; may be null.
  const std::atomic<bool>* describe_cancelled = nullptr;
};

// One run. Everything is borrowed for the length of the call.
struct RunCall {
  // Absolute, and never changed while a worker lives: a copy named by its content.
  std::filesystem::path plugin;
  // What people call that file; empty: its own name.
  std::string plugin_name{};
  std::string strategy;                        // short name
  std::vector<schema::ParameterT> parameters;  // complete, in declared order
  schema::RunSettingsT settings;
  const SharedBars* bars = nullptr;
  // No more than this for one call; 0: no limit.
  std::chrono::milliseconds timeout = kTimeoutDefault;
  // Bytes that the run may allocate beyond what an idle worker has.
  std::uint64_t memory_limit = kMemoryLimitDefault;
  bool want_result = false;  // the canonical result bytes too
  bool want_log = false;
  bool want_published = false;  // the named values that the strategy publishes per bar
  // Called about ten times a second with the bar that the run has reached; may be empty.
  std::function<void(std::uint64_t bar)> progress;
  // When it becomes true the run is given up within 0.1 s; may be null.
  const std::atomic<bool>* cancelled = nullptr;
};

using TrialParameters = std::vector<schema::ParameterT>;  // complete, in declared order

// A process that runs strategies, kept alive between calls and replaced when it is lost. It holds
// one plugin; a call with another starts it anew.
//
// Threads: one at a time per object.
// Errors:  not_found, io = the worker program could not be started; interrupted = cancelled;
//          invalid_input = a call that asks for the impossible. What goes wrong in the plugin is no
//          error but an outcome.
class Worker {
 public:
  explicit Worker(WorkerOptions options);
  ~Worker();
  Worker(Worker&&) noexcept;
  Worker& operator=(Worker&&) noexcept;

  // Loads the library and tells what is in it, or every reason why it cannot be used. `name` is
  // what people call the file; empty: its own name.
  Result<DescribeOutcome> describe(const std::filesystem::path& plugin, std::string_view name = {});
  Result<RunOutcome> run(const RunCall& call);
  // Runs it with each of `trials` instead of call.parameters: the same outcomes as from run(), with
  // one exchange for all that go well. call.timeout is for each of those that do not, and for the
  // exchange. Nothing but outcomes: `call` wants no result, log or published values.
  Result<BatchOutcome> run_batch(const RunCall& call, std::span<const TrialParameters> trials);
  // Runs it several times and compares. `timeout` is for each run; a failure is that of a run with
  // the bars as they are. call.progress is not called.
  Result<CheckOutcome> check(const RunCall& call, const CheckProgress& progress = {});

  // The plugin that the process holds; empty when none.
  [[nodiscard]] const std::filesystem::path& plugin() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// Workers for several threads: each call takes an idle one, the one that holds its plugin if
// possible, and starts another when all are busy.
//
// Threads: any number.
class WorkerPool {
 public:
  explicit WorkerPool(WorkerOptions options);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  Result<DescribeOutcome> describe(const std::filesystem::path& plugin, std::string_view name = {});
  Result<RunOutcome> run(const RunCall& call);
  Result<BatchOutcome> run_batch(const RunCall& call, std::span<const TrialParameters> trials);
  Result<CheckOutcome> check(const RunCall& call, const CheckProgress& progress = {});

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace runledger::worker
