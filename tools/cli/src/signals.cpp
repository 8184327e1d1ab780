#include <array>
#include <csignal>

#include <fcntl.h>
#include <unistd.h>

#include <runledger/base/result.hpp>
#include <runledger/cli/signals.hpp>

namespace runledger::cli {
namespace {

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");

extern "C" void on_interrupt(int /*signal*/) {
  constexpr int kStatusInterrupted = 130;
  if (interrupted.exchange(true)) ::_exit(kStatusInterrupted);
}

}  // namespace

std::atomic<bool>& interrupted_flag() { return interrupted; }

void prepare_process() {
  for (const int descriptor : {0, 1, 2}) {
    // The lowest free number is the missing one.
    if (::fcntl(descriptor, F_GETFD) < 0) static_cast<void>(::open("/dev/null", O_RDWR));
  }
  struct sigaction action{};
  action.sa_handler = SIG_IGN;
  for (const int signal : {SIGPIPE, SIGXFSZ}) ::sigaction(signal, &action, nullptr);
  action.sa_handler = on_interrupt;  // no SA_RESTART: a blocking read ends
  for (const int signal : {SIGINT, SIGTERM}) ::sigaction(signal, &action, nullptr);
}

}  // namespace runledger::cli
