#include "environment.hpp"

#include <string_view>

#include <fmt/format.h>
#include <sys/utsname.h>

namespace runledger::app {
namespace {

// The levels of the x86-64 psABI, as far as they decide which code libm picks.
std::string cpu_class([[maybe_unused]] std::string_view machine) {
#if defined(__x86_64__)
  std::string_view level = "x86-64-v1";
  if (__builtin_cpu_supports("sse4.2") != 0 && __builtin_cpu_supports("popcnt") != 0) {
    level = "x86-64-v2";
    if (__builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi2") != 0) {
      level = "x86-64-v3";
      if (__builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512vl") != 0)
        level = "x86-64-v4";
    }
  }
  return fmt::format("{}{}", level, __builtin_cpu_supports("fma") != 0 ? " with fma" : "");
#else
  return std::string(machine);
#endif
}

}  // namespace

schema::EnvironmentT this_environment(const schema::DescribeReplyT& worker) {
  schema::EnvironmentT environment;
  utsname names{};
  if (::uname(&names) == 0)
    environment.kernel =
        fmt::format("{} {} {}", &names.sysname[0], &names.release[0], &names.machine[0]);
  environment.cpu_class = cpu_class(&names.machine[0]);
  environment.libc = worker.libc;
  environment.compiler = worker.compiler;
  return environment;
}

}  // namespace runledger::app
