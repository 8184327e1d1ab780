#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <runledger/metrics/metrics.hpp>

namespace runledger {

// Another tool's way of computing the same figures.
enum class Convention : std::uint8_t { backtesting_py, quantstats, empyrical, lean };

// Names by which a convention is asked for: `backtesting.py`, `quantstats`, `empyrical`, `lean`.
std::span<const std::string_view> convention_names();
std::optional<Convention> parse_convention(std::string_view name);

// A figure as that tool spells, scales and signs it.
struct CompatFigure {
  std::string_view label;  // `Max. Drawdown [%]` there
  std::string_view unit;   // "", "%", "$", "s", "days", or "time": seconds since 1970, UTC
  double value;            // NaN when undefined
  Undefined undefined;
};

// The run under another convention, in that tool's order of display. What each tool does otherwise
// than metric_table(), and what of it is not ours to know: core/metrics/METRICS.md.
std::vector<CompatFigure> compat_metrics(const FinishedRun& run, Convention convention);

}  // namespace runledger
