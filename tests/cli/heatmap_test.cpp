#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <runledger/cli/heatmap.hpp>
#include <runledger/cli/text_width.hpp>

namespace runledger::cli {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Terminal terminal(std::size_t width, bool color, bool utf8) {
  return {.out = true, .err = true, .width = width, .color = color, .utf8 = utf8};
}

TEST(Heatmap, TheBestIsTheStrongestAndNothingIsBlank) {
  const std::vector<double> cells{0, 1, 2, kNaN};
  const HeatmapData data{.x = "slow",
                         .y = "fast",
                         .x_values = {"20", "40"},
                         .y_values = {"5", "10"},
                         .cells = cells,
                         .what = "sharpe_ratio"};
  EXPECT_EQ(heatmap(data, terminal(80, false, false)),
            "  fast\n"
            "     5 ..++\n"
            "    10 @@  \n"
            "       20\n"
            "       slow\n"
            "  sharpe_ratio: 0.00 ..==##@@ 2.00\n");
}

TEST(Heatmap, TheLeastIsTheStrongestWhenItIsTheBest) {
  const std::vector<double> cells{1, 2, 3};
  const HeatmapData data{.x = "a",
                         .y = "b",
                         .x_values = {"1", "2", "3"},
                         .y_values = {"1"},
                         .cells = cells,
                         .what = "max_drawdown",
                         .least_is_best = true};
  const std::string text = heatmap(data, terminal(80, false, false));
  EXPECT_THAT(text, testing::HasSubstr("  1 @@++..\n"));
  EXPECT_THAT(text, testing::HasSubstr("max_drawdown: 3.00 ..==##@@ 1.00"));
}

TEST(Heatmap, NeighboursShareACellWhereThereIsNoRoom) {
  std::vector<double> cells(100, 0.0);
  cells[51] = 9;
  HeatmapData data{
      .x = "a", .y = "b", .x_values = {}, .y_values = {"1"}, .cells = cells, .what = "pnl"};
  for (int i = 0; i < 100; ++i) data.x_values.push_back(std::to_string(i));
  const std::string text = heatmap(data, terminal(40, false, false));
  EXPECT_THAT(text, testing::HasSubstr("a cell shows the best of several"));
  EXPECT_THAT(text, testing::HasSubstr("..@@.."));
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    const std::string line = text.substr(at, end - at);
    EXPECT_TRUE(line.find("pnl") != std::string::npos || display_width(line) <= 40) << line;
    at = end + 1;
  }
}

TEST(Heatmap, OfNothingIsNothing) {
  EXPECT_EQ(heatmap({.x = "a", .y = "b", .x_values = {}, .y_values = {}, .cells = {}, .what = ""},
                    terminal(80, false, false)),
            "");
}

TEST(Heatmap, WithColourItHasNoLetters) {
  const std::vector<double> cells{0, 1};
  const std::string text = heatmap({.x = "a",
                                    .y = "b",
                                    .x_values = {"1", "2"},
                                    .y_values = {"1"},
                                    .cells = cells,
                                    .what = "pnl"},
                                   terminal(80, true, true));
  EXPECT_THAT(text, testing::HasSubstr("\x1b[48;5;17m  \x1b[0m\x1b[48;5;226m  \x1b[0m"));
}

}  // namespace
}  // namespace runledger::cli
