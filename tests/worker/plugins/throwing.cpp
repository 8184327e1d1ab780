// Strategies in C++ without the SDK, so that nothing stands between what they throw and the host.
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <vector>

#include <runledger/strategy_abi.h>

namespace {

const rl_host* host_of(void* self) { return static_cast<const rl_host*>(self); }

void* create(const rl_host* host, const rl_value*) { return const_cast<rl_host*>(host); }
void destroy(void*) {}

rl_status throws_error(void*, const rl_step*) { throw std::runtime_error("boom"); }
rl_status throws_number(void*, const rl_step*) { throw 42; }
rl_status throws_nowhere(void*, const rl_step*) noexcept { throw std::runtime_error("dead end"); }
rl_status throws_in_thread(void*, const rl_step*) {
  std::thread([] { throw std::runtime_error("far away"); }).join();
  return RL_OK;
}
rl_status allocates(void*, const rl_step*) {
  std::vector<std::vector<char>> kept;
  for (;;) kept.emplace_back(1u << 20, 'x');
}

// Mixes the bits of exp, log and pow at many points, and says what came out.
rl_status tells_bits_of_functions(void* self, const rl_step* step) {
  if (step->series[0].count > 1) return RL_OK;
  std::uint64_t hash = 0;
  for (int i = 1; i <= 20'000; ++i) {
    const double x = 0.001 * i;
    for (const double y : {std::exp(x), std::log(x), std::pow(x, 1.7), std::sin(x)}) {
      hash = (hash ^ std::bit_cast<std::uint64_t>(y)) * 0x100000001b3ULL;
    }
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(hash));
  host_of(self)->log(host_of(self), RL_LOG_INFO, text.data());
  return RL_OK;
}

// NOLINTNEXTLINE(concurrency-mt-unsafe): this is what it is for
const char* environment(const char* name) {
  const char* v = std::getenv(name);
  return v != nullptr ? v : "absent";
}

rl_status tells_environment(void* self, const rl_step* step) {
  if (step->series[0].count > 1) return RL_OK;
  for (const char* name : {"LANG", "LC_ALL", "TZ", "HOME", "PATH"}) {
    host_of(self)->log(host_of(self), RL_LOG_INFO, environment(name));
  }
  return RL_OK;
}

rl_status publishes(void* self, const rl_step* step) {
  const void* found = host_of(self)->extension(host_of(self), RL_EXT_PUBLISH);
  if (found == nullptr) return RL_OK;
  const auto* publish = static_cast<const rl_publish*>(found);
  const auto& bars = step->series[0];
  publish->value(host_of(self), "doubled", 2 * bars.close[bars.count - 1]);
  return RL_OK;
}

rl_strategy strategy(const char* id, rl_status (*on_bar)(void*, const rl_step*)) {
  rl_strategy made{};
  made.struct_size = sizeof made;
  made.name = id + std::string_view("org.runledger.test.").size();
  made.title = "Throwing strategies";
  made.id = id;
  made.version = "1.0.0";
  made.doc = "For tests.";
  made.series_min = 1;
  made.series_max = 1;
  made.create = create;
  made.destroy = destroy;
  made.on_bar = on_bar;
  return made;
}

}  // namespace

const rl_plugin* rl_plugin_v1() {
  static const std::array table{
      strategy("org.runledger.test.throws_error", throws_error),
      strategy("org.runledger.test.throws_number", throws_number),
      strategy("org.runledger.test.throws_nowhere", throws_nowhere),
      strategy("org.runledger.test.throws_in_thread", throws_in_thread),
      strategy("org.runledger.test.allocates", allocates),
      strategy("org.runledger.test.tells_bits_of_functions", tells_bits_of_functions),
      strategy("org.runledger.test.tells_environment", tells_environment),
      strategy("org.runledger.test.publishes", publishes)};
  static const auto pointers = [] {
    std::array<const rl_strategy*, table.size()> all{};
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = &table[i];
    return all;
  }();
  static const rl_plugin plugin = [] {
    rl_plugin made{};
    made.struct_size = sizeof made;
    made.abi_minor = RL_ABI_MINOR;
    made.strategy_count = static_cast<std::uint32_t>(pointers.size());
    made.built_with = "a C++ compiler";
    made.strategies = pointers.data();
    return made;
  }();
  return &plugin;
}
