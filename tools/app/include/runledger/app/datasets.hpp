#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <runledger/app/context.hpp>
#include <runledger/app/import.hpp>
#include <runledger/base/digest.hpp>
#include <runledger/base/types.hpp>

namespace runledger::app {

// A dataset as the event that imported it tells it.
struct DatasetSummary {
  std::string ticker, interval;
  Digest digest{};
  Seq imported{};  // the event
  TimeNs imported_at = 0;
  std::uint64_t rows = 0;
  std::uint64_t dropped = 0;
  TimeNs start = 0, end = 0;  // labels
  bool has_volume = false;
  std::string vendor, file_name, layout, timezone;
  double scale = 1;
  // As texts of `data import`; absent: nobody said.
  std::optional<std::string> adjustment, date_order, decimal;
  std::vector<AppliedReport> applied;
  std::string on_bad;
  bool interval_given = false;
  Digest raw_digest{};
  bool raw_kept = false;
  std::optional<Digest> previous;
  std::uint64_t chunks = 0;
  bool newest = true;  // of its ticker and interval
};

// A hole between two bars: `missing` bars would fit.
struct DatasetGap {
  TimeNs after = 0, before = 0;
  std::uint64_t missing = 0;
  bool holiday = false;  // probably: core/market/GAPS.md
};

struct DatasetDetail {
  std::vector<DatasetSummary> versions;  // newest first; the first is the one asked for
  std::vector<BadRowReport> bad_rows;    // of that one
  std::vector<DatasetGap> gaps;          // of that one, oldest first
  // When it trades, inferred from its bars: `Monday to Friday, 14:30 to 21:00 UTC`. Empty for bars
  // longer than a day.
  std::string calendar;
};

// The newest version of every ticker and interval, or all versions; by ticker, then interval.
Result<std::vector<DatasetSummary>> list_datasets(const Context& context, bool all_versions);

// Which dataset: `T`, or `T@DIGEST` with a unique prefix of 6 or more hex digits.
struct DatasetName {
  std::string text;
  std::optional<std::string> interval;  // else the only one, or `1d` among several
};

// Errors: not_found (names the nearest ticker, or the way to import), invalid_input (a prefix that
//         is short or not unique, an interval that must be chosen), damaged.
Result<DatasetDetail> show_dataset(const Context& context, const DatasetName& name);

// Writes the bars as CSV (`time,open,high,low,close,volume`), numbers to read back bit for bit.
// `write` is called with pieces of the text.
Status export_dataset(const Context& context, const DatasetName& name,
                      const std::function<Status(std::string_view)>& write);

}  // namespace runledger::app
