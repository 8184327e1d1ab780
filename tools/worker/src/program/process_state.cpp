#include "process_state.hpp"

#include <chrono>
#include <clocale>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <thread>

#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xmmintrin.h>

namespace runledger::worker {
namespace {

constexpr std::uint32_t kSseStatusBits = 0x3f;  // sticky exception flags: not control
constexpr std::uint64_t kHashStart = 14695981039346656037ULL;
constexpr auto kEndingThreadWait = std::chrono::milliseconds(1);
constexpr int kEndingThreadWaits = 50;

// FNV-1a: only to compare within this process.
void mix(std::uint64_t& hash, const void* bytes, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    hash = (hash ^ static_cast<const std::uint8_t*>(bytes)[i]) * 1099511628211ULL;
  }
}

std::uint32_t sse_control_word() { return _mm_getcsr() & ~kSseStatusBits; }

std::uint16_t x87_control_word() {
  std::uint16_t word = 0;
  asm volatile("fnstcw %0" : "=m"(word));
  return word;
}

std::size_t count_entries(const char* directory) {
  std::error_code error;
  std::size_t count = 0;
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    ++count;
  }
  return count;
}

std::uint64_t hash_handlers() {
  std::uint64_t hash = kHashStart;
  for (int signal = 1; signal < NSIG; ++signal) {
    struct sigaction action{};
    if (::sigaction(signal, nullptr, &action) != 0) continue;
    mix(hash, &action.sa_handler, sizeof action.sa_handler);
    mix(hash, &action.sa_flags, sizeof action.sa_flags);
  }
  stack_t stack{};
  ::sigaltstack(nullptr, &stack);
  mix(hash, &stack.ss_sp, sizeof stack.ss_sp);
  mix(hash, &stack.ss_size, sizeof stack.ss_size);
  return hash;
}

std::uint64_t hash_environment() {
  std::uint64_t hash = kHashStart;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    mix(hash, *entry, std::strlen(*entry) + 1);
  }
  return hash;
}

bool timers_run() {
  for (const auto which : {ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF}) {
    itimerval timer{};
    if (::getitimer(which, &timer) == 0 &&
        (timer.it_value.tv_sec != 0 || timer.it_value.tv_usec != 0)) {
      return true;
    }
  }
  std::ifstream made_by_timer_create("/proc/self/timers");
  return made_by_timer_create.peek() != std::ifstream::traits_type::eof();
}

bool has_children() {
  siginfo_t ended{};
  return ::waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) == 0;
}

std::string working_directory() {
  std::error_code error;
  return std::filesystem::current_path(error).string();
}

}  // namespace

bool ProcessState::computes_alike() const {
  return sse_control_word() == sse_control_ && x87_control_word() == x87_control_;
}

ProcessState ProcessState::now() {
  ProcessState state;
  state.sse_control_ = sse_control_word();
  state.x87_control_ = x87_control_word();
  state.threads_ = count_entries("/proc/self/task");
  state.open_files_ = count_entries("/proc/self/fd");
  // NOLINTNEXTLINE(concurrency-mt-unsafe): the worker's own code has one thread
  const char* locale = std::setlocale(LC_ALL, nullptr);
  state.locale_ = locale != nullptr ? locale : "";
  state.directory_ = working_directory();
  ::sigprocmask(SIG_BLOCK, nullptr, &state.signal_mask_);
  state.handlers_ = hash_handlers();
  state.file_mask_ = ::umask(0);
  ::umask(state.file_mask_);
  state.environment_ = hash_environment();
  state.timers_ = timers_run();
  return state;
}

std::optional<ProcessState::Change> ProcessState::change_until_now() const {
  using schema::FailureReason;
  const ProcessState then = now();
  if (then.sse_control_ != sse_control_ || then.x87_control_ != x87_control_) {
    return Change{FailureReason::changed_fp_state,
                  "it left another floating-point rounding or exception mode behind"};
  }
  std::size_t threads = then.threads_;
  for (int i = 0; threads > threads_ && i < kEndingThreadWaits; ++i) {
    std::this_thread::sleep_for(kEndingThreadWait);
    threads = count_entries("/proc/self/task");
  }
  if (threads > threads_) {
    return Change{FailureReason::left_threads,
                  "it left " + std::to_string(threads - threads_) +
                      (threads - threads_ == 1 ? " thread" : " threads") + " running"};
  }
  const auto only = [](std::string_view what) {
    return Change{FailureReason::none, "the strategy " + std::string(what)};
  };
  if (then.locale_ != locale_) return only("changed the locale");
  if (then.directory_ != directory_) return only("changed the working directory");
  if (std::memcmp(&then.signal_mask_, &signal_mask_, sizeof signal_mask_) != 0) {
    return only("changed the signal mask");
  }
  if (then.handlers_ != handlers_) return only("changed a signal handler");
  if (then.file_mask_ != file_mask_) return only("changed the file mode mask");
  if (then.environment_ != environment_) return only("changed the environment");
  if (then.timers_ != timers_) return only("left a timer running");
  if (has_children()) return only("left a process running");
  if (then.open_files_ != open_files_) return only("opened or closed files");
  return std::nullopt;
}

}  // namespace runledger::worker
