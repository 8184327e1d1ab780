#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <runledger/base/types.hpp>
#include <runledger/cli/terminal.hpp>

namespace runledger::cli {

struct ChartTrade {
  TimeNs entry = 0;
  std::optional<TimeNs> exit;  // absent: open at the end
  bool is_long = true;
};

// A run's equity over its bars. `time` and `equity` have one element a bar, oldest first.
struct ChartData {
  std::span<const TimeNs> time;
  std::span<const double> equity;
  double start_cash = 0;
  std::vector<ChartTrade> trades;
  bool intraday = false;
};

// The equity curve, the drawdown below it and when the run was in the market, drawn with braille
// dots (or ASCII) over the whole width of the terminal.
//
// Every bar's value sets a dot, so highs and lows show however many bars share a column. The
// drawdown of a column is its deepest. Bars are equally far apart, as in a trading calendar. Equity
// that spans a factor of ten or more is drawn on a logarithmic scale, and the title says so.
std::string render_chart(const ChartData& data, const Terminal& terminal);

// Values for an axis from `low` to `high`: multiples of 1, 2 or 5 times a power of ten, at most
// `count_max`, and the decimals they need.
struct Ticks {
  std::vector<double> values;
  int decimals = 0;
};
Ticks axis_ticks(double low, double high, std::size_t count_max);
// The same for a logarithmic axis: 1, 2 and 5 times powers of ten, fewer when they are too many.
Ticks log_axis_ticks(double low, double high, std::size_t count_max);

}  // namespace runledger::cli
