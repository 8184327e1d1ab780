// A strategy that leaves code mapped whose file nobody can open any more, as a library is that was
// replaced while it ran.
#include <sys/mman.h>
#include <unistd.h>

#include <runledger/strategy.hpp>

namespace {

struct CodeInMemory {
  bool mapped = false;

  void on_bar(const runledger::Step&) {
    if (mapped) return;
    constexpr std::size_t kPage = 4096;
    const int file = ::memfd_create("code", MFD_CLOEXEC);
    mapped = ::mmap(nullptr, kPage, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0) != MAP_FAILED;
    ::close(file);
  }
};

}  // namespace

RL_PLUGIN(runledger::Describe<CodeInMemory>("org.runledger.test.code_in_memory", "1.0.0",
                                            "For tests."))
