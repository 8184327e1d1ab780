// runledger-worker: the process in which strategies run. Started by runledger, never by hand:
// tools/worker/PROTOCOL.md.
#include <array>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include <unistd.h>

#include "keeper.hpp"
#include "last_words.hpp"
#include "serve.hpp"

namespace runledger::worker {
namespace {

constexpr int kExitUsage = 2;

std::optional<int> descriptor(const char* text) {
  int fd = -1;
  const char* end = text + std::strlen(text);
  const auto [stop, error] = std::from_chars(text, end, fd);
  if (error != std::errc{} || stop != end || fd < 0) return std::nullopt;
  return fd;
}

int keep(int control) {
  ::close_range(static_cast<unsigned>(control) + 1, ~0U, 0);
  if (::chdir("/") != 0) return kExitUsage;
  keep_workers(Fd(control));
  return 0;
}

int serve_in_foreground(int channel, int status_file) {
  WorkerStatus* status = map_status(Fd(status_file));
  if (status == nullptr) return kExitUsage;
  return serve(Fd(channel), *status);
}

int run(std::span<char*> arguments) {
  if (arguments.size() == 3 && std::string_view(arguments[1]) == "--keep") {
    if (const auto control = descriptor(arguments[2])) return keep(*control);
  }
  if (arguments.size() == 4 && std::string_view(arguments[1]) == "--foreground") {
    const auto channel = descriptor(arguments[2]);
    const auto status = descriptor(arguments[3]);
    if (channel && status) return serve_in_foreground(*channel, *status);
  }
  std::fputs("runledger-worker runs strategies for runledger and is started by it.\n", stderr);
  return kExitUsage;
}

}  // namespace
}  // namespace runledger::worker

int main(int count, char** values) {
  // Without static destructors: they are no business of a process that plugins were loaded into.
  ::_exit(runledger::worker::run({values, static_cast<std::size_t>(count)}));
}

#if defined(__SANITIZE_ADDRESS__)
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() {
  return "detect_leaks=0:allocator_may_return_null=1:use_sigaltstack=0";
}
#endif
