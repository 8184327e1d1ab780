#include "confine.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <runledger/base/fd.hpp>

#include "refused_calls.hpp"
#include "status.hpp"

// prlimit64(0, RLIMIT_AS, most, nullptr) by an instruction that nothing else runs, and the address
// after it: the filter refuses every other change of a limit, what a plugin asks of the C library
// among them.
extern "C" [[gnu::visibility("hidden")]] std::int64_t runledger_limit_memory(const rlimit* most);
extern "C" [[gnu::visibility("hidden")]] const char runledger_memory_limited;
static_assert(RLIMIT_AS == 9 && SYS_prlimit64 == 302);
asm(R"(
        .pushsection .text
        .type runledger_limit_memory, @function
runledger_limit_memory:
        .cfi_startproc
        movq %rdi, %rdx
        xorl %edi, %edi
        movl $9, %esi
        xorl %r10d, %r10d
        movl $302, %eax
        syscall
runledger_memory_limited:
        ret
        .cfi_endproc
        .size runledger_limit_memory, . - runledger_limit_memory
        .popsection
)");

namespace runledger::worker {
namespace {

constexpr rlim_t kStackBytes = 8u << 20;
constexpr rlim_t kOpenFilesMax = 64;
constexpr std::uint32_t kX32Bit = 0x40000000;
constexpr std::uint32_t kCloneThread = 0x00010000;
constexpr std::uint32_t kWritingFlags = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;

bool limit(__rlimit_resource resource, rlim_t soft, rlim_t hard) {
  rlimit now{};
  if (::getrlimit(resource, &now) != 0) return false;
  hard = std::min(hard, now.rlim_max);
  now = {.rlim_cur = std::min(soft, hard), .rlim_max = hard};
  return ::setrlimit(resource, &now) == 0;
}

// What the filter tells the worker's own calls by.
struct Own {
  std::uint32_t process;
  std::uint64_t after_limiting;  // the address after the instruction that sets the memory limit
};

// A classic BPF program over seccomp_data.
class Filter {
 public:
  explicit Filter(const Own& own) : own_(own) {
    load(offsetof(seccomp_data, arch));
    jump(BPF_JEQ, AUDIT_ARCH_X86_64, 1, 0);
    answer(SECCOMP_RET_KILL_PROCESS);
    load(offsetof(seccomp_data, nr));
    jump(BPF_JGE, kX32Bit, 0, 1);
    answer(SECCOMP_RET_KILL_PROCESS);
    // The C library falls back to clone, whose flags can be seen.
    jump(BPF_JEQ, SYS_clone3, 0, 1);
    answer(SECCOMP_RET_ERRNO | ENOSYS);
  }

  void refuse(const RefusedCall& call) {
    const std::vector<sock_filter> before = std::exchange(code_, {});
    condition(call.when);
    const auto body = static_cast<std::uint8_t>(code_.size());
    const std::vector<sock_filter> inside = std::exchange(code_, before);
    jump(BPF_JEQ, static_cast<std::uint32_t>(call.number), 0, body);
    code_.insert(code_.end(), inside.begin(), inside.end());
  }

  bool install() {
    answer(SECCOMP_RET_ALLOW);
    sock_fprog program{.len = static_cast<unsigned short>(code_.size()), .filter = code_.data()};
    return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
  }

 private:
  // Ends in an answer either way, so that what follows still finds the number in the accumulator.
  void condition(Refuse when) {
    switch (when) {
      case Refuse::always:
        break;
      case Refuse::unless_thread:
        load(argument(0));
        jump(BPF_JSET, kCloneThread, 0, 1);
        answer(SECCOMP_RET_ALLOW);
        break;
      case Refuse::others:
        load(argument(0));
        jump(BPF_JEQ, own_.process, 0, 1);
        answer(SECCOMP_RET_ALLOW);
        break;
      case Refuse::limits:
        allow_memory_limiter();
        allow_reading_own_limits();
        break;
      case Refuse::writing_1:
      case Refuse::writing_2:
        load(argument(when == Refuse::writing_1 ? 1 : 2));
        jump(BPF_JSET, kWritingFlags, 1, 0);
        answer(SECCOMP_RET_ALLOW);
        break;
    }
    answer(SECCOMP_RET_TRAP);
  }

  void allow_memory_limiter() {
    constexpr auto kAt = static_cast<std::uint32_t>(offsetof(seccomp_data, instruction_pointer));
    load(kAt);
    jump(BPF_JEQ, static_cast<std::uint32_t>(own_.after_limiting), 0, 3);
    load(kAt + kHalf);
    jump(BPF_JEQ, static_cast<std::uint32_t>(own_.after_limiting >> 32), 0, 1);
    answer(SECCOMP_RET_ALLOW);
  }
  // prlimit64(process, resource, new limit, old limit): 0 is the caller's own process, and nothing
  // changes when there is no new limit.
  void allow_reading_own_limits() {
    load(argument(0));
    jump(BPF_JEQ, own_.process, 1, 0);
    jump(BPF_JEQ, 0, 0, 5);
    load(argument(2));
    jump(BPF_JEQ, 0, 0, 3);
    load(argument(2) + kHalf);
    jump(BPF_JEQ, 0, 0, 1);
    answer(SECCOMP_RET_ALLOW);
  }

  static constexpr std::uint32_t kHalf = 4;  // bytes: the upper half of a number follows the lower
  static std::uint32_t argument(std::uint32_t index) {
    return static_cast<std::uint32_t>(offsetof(seccomp_data, args)) + 8 * index;
  }
  void load(std::uint32_t offset) { code_.push_back({BPF_LD | BPF_W | BPF_ABS, 0, 0, offset}); }
  void answer(std::uint32_t value) { code_.push_back({BPF_RET | BPF_K, 0, 0, value}); }
  void jump(std::uint16_t test, std::uint32_t value, std::uint8_t when, std::uint8_t unless) {
    code_.push_back({static_cast<std::uint16_t>(BPF_JMP | test | BPF_K), when, unless, value});
  }

  Own own_;
  std::vector<sock_filter> code_;
};

}  // namespace

std::uint32_t confine_resources() {
  const bool files = limit(RLIMIT_CORE, 0, 0) && limit(RLIMIT_FSIZE, 0, 0) &&
                     limit(RLIMIT_NOFILE, kOpenFilesMax, kOpenFilesMax);
  limit(RLIMIT_STACK, kStackBytes, RLIM_INFINITY);
  if (const Fd score(::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC)); score) {
    [[maybe_unused]] const ssize_t written = ::write(score.get(), "1000", 4);
  }
  return files ? kConfinedFiles : 0;
}

std::uint32_t confine_system_calls() {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return 0;
  Filter filter({.process = static_cast<std::uint32_t>(::getpid()),
                 .after_limiting = reinterpret_cast<std::uint64_t>(&runledger_memory_limited)});
  for (const RefusedCall& call : refused_calls()) filter.refuse(call);
  return filter.install() ? kConfinedSystemCalls : 0;
}

std::uint64_t limit_memory([[maybe_unused]] std::uint64_t bytes) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return 0;
#else
  rlimit now{};
  if (::getrlimit(RLIMIT_AS, &now) != 0) return 0;
  const rlim_t most = bytes == 0 ? now.rlim_max : std::min(memory_in_use() + bytes, now.rlim_max);
  now.rlim_cur = most;
  return runledger_limit_memory(&now) == 0 && bytes != 0 ? most : 0;
#endif
}

std::uint64_t memory_in_use() {
  const Fd file(::open("/proc/self/statm", O_RDONLY | O_CLOEXEC));
  std::array<char, 64> text{};
  if (!file || ::read(file.get(), text.data(), text.size() - 1) <= 0) return 0;
  std::uint64_t pages = 0;
  for (const char* p = text.data(); *p >= '0' && *p <= '9'; ++p) {
    pages = 10 * pages + static_cast<std::uint64_t>(*p - '0');
  }
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace runledger::worker
