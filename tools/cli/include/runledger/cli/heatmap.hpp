#pragma once

#include <span>
#include <string>
#include <vector>

#include <runledger/cli/terminal.hpp>

namespace runledger::cli {

// A field of numbers over two scales, NaN where there is none.
struct HeatmapData {
  std::string x, y;  // what the scales are of
  std::vector<std::string> x_values, y_values;
  std::span<const double> cells;  // row by row: y_values.size() * x_values.size()
  std::string what;               // what the numbers are
  bool least_is_best = false;
};

// The numbers as shades, the best the strongest: colours where the terminal has them, else blocks.
// Where there are more values than room, neighbours share a cell that shows the best of them.
std::string heatmap(const HeatmapData& data, const Terminal& terminal);

}  // namespace runledger::cli
