#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <runledger/market/csv.hpp>

#include "columns.hpp"

namespace runledger::csv {

// How one file is to be read: what detection and the options decided.
struct Plan {
  std::string_view layout;
  std::string_view body;  // the text behind the header
  std::uint64_t header_lines = 0;
  char delimiter = ',';
  bool has_quotes = false;
  std::vector<std::string> names;  // one for each column
  Columns columns;
  DecimalMark decimal = DecimalMark::point;
  std::optional<DateOrder> date_order;
  std::optional<TimeNs> midnight;       // the date column holds milliseconds since this local time
  std::optional<Interval> interval;     // as the file states it
  std::optional<std::string> timezone;  // of local times
  double scale = 1;
  std::vector<AppliedColumn> apply;  // the columns to be applied, which are there
  std::string ticker;                // as the head of the file names it
};

// Decides how to read a file.
//
// Errors: as parse_csv, for everything that the whole file is refused for before its rows are read.
Result<Plan> make_plan(const CsvSource& source, const CsvOptions& options);

// Completes a plan by what the rows say: the decimal mark and the order of day and month.
//
// Errors: invalid_input = the rows do not decide it, and neither do the options.
Status settle_notation(const CsvSource& source, const CsvOptions& options, Plan& plan);

// The rows of files without a header: Binance, LEAN, and dates followed by open, high, low, close.
//
// Errors: as make_plan.
Status plan_headerless(const CsvSource& source, const CsvOptions& options, Plan& plan);

// The layouts' names, which are what --format takes.
inline constexpr std::string_view kYahoo = "yahoo";
inline constexpr std::string_view kStooq = "stooq";
inline constexpr std::string_view kAlphaVantage = "alpha-vantage";
inline constexpr std::string_view kBinance = "binance";
inline constexpr std::string_view kLean = "lean";
inline constexpr std::string_view kHeaderless = "headerless";
inline constexpr std::string_view kGeneric = "generic";

}  // namespace runledger::csv
