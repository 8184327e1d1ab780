#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <runledger/base/digest.hpp>
#include <runledger/base/result.hpp>
#include <runledger/market/bars.hpp>

namespace runledger {

// Reading price files as people have them: the layout is detected, what cannot be detected is an
// option, and what neither says is refused. core/market/CSV.md has the rules.

inline constexpr std::uint64_t kCsvBytesMax = std::uint64_t{1} << 30;  // of text, unpacked
inline constexpr std::size_t kCsvLineBytesMax = 65'536;
inline constexpr std::size_t kCsvColumnsMax = 256;
inline constexpr std::size_t kCsvSeriesMax = 10'000;  // tickers and periods of one file
inline constexpr std::size_t kCsvBadRowsKept = 100;

// A price file in memory.
struct CsvSource {
  std::string name;    // for messages: the path as given, or "standard input"
  std::string path;    // as given; LEAN keeps the market and the date of a file in it
  std::string bytes;   // the text, unpacked when the file was gzip
  std::string packed;  // the file as it was when it was gzip, else empty
  Digest raw_digest;   // SHA-256 of the file as it was

  // The file as it was, for keeping it.
  [[nodiscard]] std::string_view raw() const { return packed.empty() ? bytes : packed; }
  // The file's name without its folder; "standard input".
  [[nodiscard]] std::string file_name() const;
};

// Reads a file, a FIFO, or standard input (`-`). Gzip is recognised by content.
//
// Errors: not_found; io = reading it failed; too_large = more bytes than `bytes_max`, packed or
//         unpacked; conflict = the file changed while it was read; invalid_input = it may not
//         be opened, a folder, an empty file, a damaged gzip, or an archive, spreadsheet or UTF-16
//         text.
Result<CsvSource> read_source(const std::filesystem::path& path,
                              std::uint64_t bytes_max = kCsvBytesMax);

enum class OnBad : std::uint8_t { refuse, drop };
enum class DateOrder : std::uint8_t { day_first, month_first };
enum class DecimalMark : std::uint8_t { point, comma };

// Columns of the file that are applied to its prices: core/market/CSV.md, Adjusting.
struct CsvApply {
  bool adjusted_close = false;
  bool splits = false, dividends = false;  // not beside adjusted_close
};

// What the user says about a file. Everything that is left out is taken from the file.
struct CsvOptions {
  std::optional<std::string> format;    // --format: a name of csv_layouts(); "auto" is none
  std::optional<Interval> interval;     // --interval
  std::optional<std::string> timezone;  // --timezone: IANA name of local times; none is UTC
  std::optional<double> scale;          // --scale: prices in the file are this many times too big
  std::optional<DateOrder> date_order;  // --date-order dmy|mdy
  std::optional<DecimalMark> decimal;   // --decimal point|comma
  std::optional<std::string> ticker;    // --ticker: of a file with several, import this one
  OnBad on_bad = OnBad::refuse;         // --on-bad
  CsvApply apply;                       // --apply
};

// A row that is not a bar.
struct BadRow {
  std::uint64_t line = 0;  // from 1, counting the header
  std::string column;      // the name in the header, or "column 3"
  std::string value;       // as in the file, shortened to 40 bytes and made printable
  std::string reason;      // "is not a number", "is above high 17.31"

  // `line 57, column LOW: 17.5 is above open 17.24`
  [[nodiscard]] std::string text() const;
};

enum class AppliedKind : std::uint8_t { adjusted_close, splits, dividends };
struct AppliedColumn {
  AppliedKind kind = AppliedKind::adjusted_close;
  std::string column;       // its name in the file
  std::uint64_t count = 0;  // closes that changed; splits; dividends
};

// One ticker's bars at one interval, checked: they keep the rules of Bars, and there is at least
// one.
struct CsvSeries {
  Bars bars;
  std::string ticker;    // named by the file's content, or empty
  std::string layout;    // a name of csv_layouts()
  std::string timezone;  // of the labels in the file: "UTC", "America/New_York", "offsets";
                         // "none" for days, weeks and months, whose labels are dates
  // Labels are local times, and neither the options nor the layout say where: they were taken as
  // UTC.
  bool timezone_assumed = false;
  double scale = 1;                    // what prices were divided by
  bool has_volume = false;             // false: every volume is NaN
  std::vector<AppliedColumn> applied;  // what was asked for
  // The file has a column of adjusted closes that are others than its closes. They are not taken.
  bool adjusted_close_differs = false;
  bool newest_first = false;     // the file was, and was reversed
  std::uint64_t dropped = 0;     // rows left out, only with OnBad::drop
  std::vector<BadRow> bad_rows;  // the first kCsvBadRowsKept of them
};

// Parses the whole file. Several series come out of a file that names tickers or periods, in the
// order in which they first occur.
//
// Labels: an intraday label is the instant in UTC; a local time that a clock change skips is a bad
// row, one that occurs twice is the earlier one unless that does not ascend. For days, weeks and
// months the label is the date as written, at 00:00Z.
//
// Errors: invalid_input, a sentence with the file's name and, where there is one, the line, column
//         and value: no such format or time zone, a layout that is not bars (closes only, ticks,
//         quotes, factor files), one that could be read in two ways (the option that decides it is
//         named), bad rows (how many, and the first), no interval to be seen, or another one
//         than was given, a column to be applied that is not there or cannot be. too_large = a
//         line, a column count or a series count over its limit.
Result<std::vector<CsvSeries>> parse_csv(const CsvSource& source, const CsvOptions& options);

struct CsvLayout {
  std::string_view name;
  std::string_view description;  // one line for --help
};
std::span<const CsvLayout> csv_layouts();

}  // namespace runledger
