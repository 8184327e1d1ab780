#include "last_words.hpp"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>
#include <span>
#include <string_view>

#include <fcntl.h>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

#include "confine.hpp"
#include "high_fd.hpp"

namespace runledger::worker {
namespace {

constexpr std::size_t kHandlerStackBytes = 256u << 10;
constexpr std::uint32_t kOwnFrames = 2;  // of the exit handler
constexpr std::array kFatalSignals{SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,  SIGABRT,
                                   SIGSYS,  SIGTRAP, SIGXFSZ, SIGALRM, SIGTERM};

alignas(64) std::array<std::uint8_t, kHandlerStackBytes> handler_stack;
WorkerStatus* kept_status = nullptr;
int maps_fd = -1;
std::atomic_flag recording;

void read_maps(EndRecord& end) {
  int fd = maps_fd;
  if (::fcntl(fd, F_GETFD) < 0) fd = ::open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  end.maps_size = 0;
  while (end.maps_size < kMapsBytesMax) {
    const ssize_t size =
        ::pread(fd, end.maps.data() + end.maps_size, kMapsBytesMax - end.maps_size, end.maps_size);
    if (size <= 0) break;
    end.maps_size += static_cast<std::uint32_t>(size);
  }
}

// Collects frames into the record as it goes, so that those found before a second crash stay.
struct Walk {
  EndRecord& end;
  bool searching;  // for `from`, the frame to begin after
  std::uint64_t from;
  std::uint32_t skip;  // of those before the first to be kept
};

_Unwind_Reason_Code visit(_Unwind_Context* context, void* argument) {
  Walk& walk = *static_cast<Walk*>(argument);
  int before = 0;
  const std::uint64_t counter = _Unwind_GetIPInfo(context, &before);
  if (walk.searching) {
    walk.searching = counter != walk.from;
    return _URC_NO_REASON;
  }
  if (counter == 0) return _URC_END_OF_STACK;
  if (walk.skip > 0) {
    --walk.skip;
    return _URC_NO_REASON;
  }
  EndRecord& end = walk.end;
  if (end.frame_count >= kFramesMax) return _URC_END_OF_STACK;
  end.frames[end.frame_count] = before != 0 ? counter : counter - 1;
  ++end.frame_count;
  return _URC_NO_REASON;
}

void walk_stack(EndRecord& end, std::uint32_t skip) {
  Walk walk{.end = end, .searching = false, .from = 0, .skip = skip};
  _Unwind_Backtrace(&visit, &walk);
}

void walk_from(EndRecord& end, const ucontext_t& context, std::uint64_t fault_address) {
  const auto counter = static_cast<std::uint64_t>(context.uc_mcontext.gregs[REG_RIP]);
  end.frames[0] = counter;
  end.frame_count = 1;
  Walk walk{.end = end, .searching = true, .from = counter, .skip = 0};
  _Unwind_Backtrace(&visit, &walk);
  if (end.frame_count == 1 && fault_address == counter) {
    // A call of an address that is no code: who called stands on top of the stack.
    std::uint64_t caller = 0;
    std::memcpy(&caller, reinterpret_cast<const void*>(context.uc_mcontext.gregs[REG_RSP]),
                sizeof caller);
    end.frames[1] = caller - 1;
    end.frame_count = 2;
  }
}

[[noreturn]] void wait_for_the_end() {
  for (;;) ::pause();
}

void on_signal(int signal, siginfo_t* info, void* context) {
  if (recording.test_and_set()) wait_for_the_end();  // another thread has recorded or is about to
  EndRecord& end = kept_status->end;
  const bool asked = signal == SIGUSR2;
  end.signal = asked ? 0 : signal;
  end.code = info->si_code;
  end.system_call = signal == SIGSYS ? info->si_syscall : 0;
  end.address = signal == SIGSYS ? 0 : reinterpret_cast<std::uint64_t>(info->si_addr);
  const auto& registers = static_cast<const ucontext_t*>(context)->uc_mcontext.gregs;
  end.stack_pointer = static_cast<std::uint64_t>(registers[REG_RSP]);
  end.memory_bytes = memory_in_use();
  read_maps(end);
  if (end.kind != static_cast<std::uint32_t>(EndKind::terminate)) {
    end.kind = static_cast<std::uint32_t>(asked ? EndKind::asked : EndKind::signal);
  }
  walk_from(end, *static_cast<const ucontext_t*>(context), end.address);
  if (asked) {
    __atomic_fetch_add(&kept_status->asked_count, 1, __ATOMIC_RELEASE);
    // The client is about to kill us. Returning would end the system call that the strategy waits
    // in, and it would go on to somewhere else.
    wait_for_the_end();
  }
  recording.clear();
  struct sigaction standard{};
  standard.sa_handler = SIG_DFL;
  ::sigaction(signal, &standard, nullptr);
  ::raise(signal);
}

void on_leaving(int exit_status, void*) {
  EndRecord& end = kept_status->end;
  if (end.kind == static_cast<std::uint32_t>(EndKind::none)) {
    end.kind = static_cast<std::uint32_t>(EndKind::exit);
    end.exit_status = exit_status;
    read_maps(end);
    end.frame_count = 0;
    walk_stack(end, kOwnFrames);
  }
  ::_exit(exit_status);
}

void keep_text(EndRecord& end, std::string_view text) {
  const std::size_t size = std::min(text.size(), end.text.size() - 1);
  std::memcpy(end.text.data(), text.data(), size);
  end.text[size] = '\0';
}

[[noreturn]] void on_terminate() {
  EndRecord& end = kept_status->end;
  end.kind = static_cast<std::uint32_t>(EndKind::terminate);
  if (const std::exception_ptr exception = std::current_exception()) {
    try {
      std::rethrow_exception(exception);
    } catch (const std::bad_alloc&) {
      end.exception_out_of_memory = 1;
      keep_text(end, "memory ran out");
    } catch (const std::exception& caught) {
      keep_text(end, caught.what());
    } catch (...) {
      keep_text(end, "an exception that is no std::exception");
    }
  }
  std::abort();
}

}  // namespace

void prepare_last_words() {
  EndRecord unused{};
  walk_stack(unused, 0);
}

void leave_last_words(WorkerStatus& status) {
  kept_status = &status;
  maps_fd = to_high_fd(Fd(::open("/proc/self/maps", O_RDONLY | O_CLOEXEC))).release();
  stack_t stack{};
  stack.ss_sp = handler_stack.data();
  stack.ss_size = handler_stack.size();
  ::sigaltstack(&stack, nullptr);
  struct sigaction action{};
  action.sa_sigaction = &on_signal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
  sigfillset(&action.sa_mask);
  for (const int signal : kFatalSignals) ::sigaction(signal, &action, nullptr);
  ::sigaction(SIGUSR2, &action, nullptr);
  ::on_exit(&on_leaving, nullptr);
  std::set_terminate(&on_terminate);
}

}  // namespace runledger::worker
