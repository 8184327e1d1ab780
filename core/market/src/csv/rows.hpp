#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <runledger/market/csv.hpp>

#include "actions.hpp"
#include "plan.hpp"
#include "runs.hpp"

namespace runledger::csv {

// The rows that are not bars: how many, and the first of them.
class BadRows {
 public:
  // `row` makes the BadRow; it is called only when that is kept.
  template <class Make>
  void add(Make make) {
    ++count_;
    if (kept_.size() < kCsvBadRowsKept) kept_.push_back(make());
  }
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] const std::vector<BadRow>& kept() const { return kept_; }

 private:
  std::uint64_t count_ = 0;
  std::vector<BadRow> kept_;
};

// How a file writes the time of a row.
struct TimeNotation {
  TimeNs offset = 0;
  bool has_offset = false;
  bool is_epoch = false;
  bool operator==(const TimeNotation&) const = default;
};

// The rows of one ticker and period in the order of the file, each checked by itself.
struct SeriesRows {
  std::string ticker;
  std::string period;
  Bars bars;  // the label is the time as the file writes it, as if it were UTC
  Runs<TimeNotation> notation;
  Runs<std::uint64_t> line_minus_row;
  bool has_volume = false;
  bool adjusted_close_differs = false;  // from the close, in one row at least
  bool has_clock = false;               // some row has a time of day
  bool has_local_clock = false;         // a time of day without an offset, in one row at least
  BadRows bad;
  Actions actions;                    // one for each bar
  std::optional<BadRow> lost_action;  // of a bad row; without it prices would be wrong

  [[nodiscard]] std::uint64_t line_of(std::size_t row) const {
    return line_minus_row.at(row) + row;
  }
};

// Reads and checks every row; at least one series comes of it, perhaps without rows.
//
// Errors: too_large = a line or the number of series is over its limit.
Result<std::vector<SeriesRows>> read_rows(const CsvSource& source, const Plan& plan);

}  // namespace runledger::csv
