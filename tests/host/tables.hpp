#pragma once

#include <array>
#include <string>
#include <vector>

#include <runledger/strategy_abi.h>

namespace runledger::test {

rl_value whole(std::int64_t value, std::uint32_t type = RL_INT);
rl_value real(double value);

// A plugin with one strategy that has one parameter of each type, all of it right. Tests spoil it.
struct Tables {
  Tables();
  Tables(const Tables&) = delete;
  Tables& operator=(const Tables&) = delete;

  std::array<const char*, 4> sides{"long", "short", "both", nullptr};
  rl_param length{}, factor{}, verbose{}, side{};
  std::vector<const rl_param*> params;
  rl_strategy strategy{};
  rl_strategy second{};  // the same under another name; not in the list
  std::vector<const rl_strategy*> strategies;
  rl_source source{};
  rl_plugin plugin{};

  // Takes params and strategies over into the tables.
  const rl_plugin* get();
};

}  // namespace runledger::test
