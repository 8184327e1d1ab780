#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <runledger/cli/log.hpp>

namespace runledger::cli {
namespace {

spdlog::logger& logger() {
  static spdlog::logger instance = [] {
    spdlog::logger made("runledger", std::make_shared<spdlog::sinks::stderr_color_sink_st>());
    made.set_level(spdlog::level::debug);
    made.set_pattern("[%H:%M:%S.%e] %v");
    made.flush_on(spdlog::level::debug);
    return made;
  }();
  return instance;
}

}  // namespace

void log_debug(std::string_view text) { logger().debug(text); }

}  // namespace runledger::cli
