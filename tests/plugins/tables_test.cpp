// The parameter tables of the strategies: defaults and what a sweep tries.
#include <algorithm>
#include <fstream>
#include <map>
#include <ostream>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "plugin_run.hpp"
#include "shared_folder.hpp"

namespace runledger::test {
namespace {

struct Row {
  std::string name;
  bool is_real;
  double standard, sweep_min, sweep_max, sweep_step;
  bool operator==(const Row&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.name << (row.is_real ? " real " : " int ") << row.standard << ", "
             << row.sweep_min << ".." << row.sweep_max << " step " << row.sweep_step;
}

double number(const rl_value& value) {
  return value.type == RL_REAL ? value.as.f : static_cast<double>(value.as.i);
}

std::vector<Row> rows_of(const std::string& name) {
  const rl_strategy& strategy = installed_strategy(name);
  std::vector<Row> rows;
  for (std::size_t i = 0; i < strategy.param_count; ++i) {
    const rl_param& param = *strategy.params[i];
    if (param.type == RL_CHOICE) continue;
    rows.push_back({param.name, param.type == RL_REAL, number(param.default_value),
                    number(param.sweep_min), number(param.sweep_max), number(param.sweep_step)});
  }
  return rows;
}

TEST(Tables, OfTheOldSystemsStrategiesAreItsOwn) {
  const std::filesystem::path shared = shared_folder();
  if (shared.empty()) GTEST_SKIP() << "the reference data (../shared) is not beside the repository";
  const auto tables =
      nlohmann::json::parse(std::ifstream(shared / "reference/parity/parameters.json"));
  EXPECT_EQ(tables.size(), 12u);
  for (const auto& [name, table] : tables.items()) {
    std::vector<Row> expected;
    for (const auto& row : table)
      expected.push_back({row.at("name"), row.at("type") == "float", row.at("default"),
                          row.at("min"), row.at("max"), row.at("step")});
    EXPECT_EQ(rows_of(name), expected) << name;
  }
}

TEST(Tables, OfTheOtherStrategiesAreThoseOfTheirRules) {
  EXPECT_TRUE(rows_of("buy_and_hold").empty());
  EXPECT_EQ(rows_of("sma_cross"),
            (std::vector<Row>{{"fast", false, 10, 2, 100, 1}, {"slow", false, 30, 3, 300, 5}}));
  EXPECT_EQ(rows_of("donchian_breakout"),
            (std::vector<Row>{{"entry", false, 20, 5, 100, 5}, {"exit", false, 10, 3, 50, 1}}));
  EXPECT_EQ(rows_of("rsi_reversion"), (std::vector<Row>{{"period", false, 14, 2, 50, 1},
                                                        {"lower", true, 30, 5, 45, 5},
                                                        {"upper", true, 70, 55, 95, 5}}));
}

std::string default_side(const std::string& name) {
  const rl_strategy& strategy = installed_strategy(name);
  const rl_param& param = *strategy.params[strategy.param_count - 1];
  EXPECT_STREQ(param.name, "side");
  return param.choices[param.default_value.as.i];
}

TEST(Tables, SayWhichSideIsEnteredUnlessOneIsNamed) {
  EXPECT_EQ(default_side("sma_cross"), "both");
  EXPECT_EQ(default_side("donchian_breakout"), "long");
  EXPECT_EQ(default_side("rsi_reversion"), "long");
}

// What is possible, not what is sensible: recorded cases lie outside what a sweep tries.
TEST(Tables, LeaveRoomAroundWhatASweepTries) {
  for (const std::string& name : installed_strategies()) {
    const rl_strategy& strategy = installed_strategy(name);
    for (std::size_t i = 0; i < strategy.param_count; ++i) {
      const rl_param& param = *strategy.params[i];
      if (param.type == RL_CHOICE) continue;
      EXPECT_LT(number(param.min), number(param.sweep_min)) << name << " " << param.name;
      EXPECT_GT(number(param.max), number(param.sweep_max)) << name << " " << param.name;
      const bool is_length = std::string_view(param.unit) == "bars";
      EXPECT_TRUE(!is_length || number(param.min) == 1) << name << " " << param.name;
    }
  }
}

TEST(Tables, TitleEachStrategyDifferently) {
  std::map<std::string, std::string> names_by_title;
  for (const std::string& name : installed_strategies()) {
    const auto [place, is_new] = names_by_title.emplace(installed_strategy(name).title, name);
    EXPECT_TRUE(is_new) << name << " and " << place->second;
    EXPECT_NE(place->first, name);
  }
}

}  // namespace
}  // namespace runledger::test
