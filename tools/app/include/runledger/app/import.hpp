#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <runledger/app/context.hpp>
#include <runledger/base/digest.hpp>
#include <runledger/base/types.hpp>

namespace runledger::app {

// How files of prices are read. Values are texts as typed; an absent one is detected or usual.
struct ImportRequest {
  std::optional<std::string> ticker;      // else each file's stem; needed for standard input
  std::optional<std::string> interval;    // `1d`, `5m`; else as the file's labels are spaced
  std::optional<std::string> format;      // a layout's name; `auto` detects it
  std::optional<std::string> timezone;    // of times without a zone: `UTC`, `America/New_York`
  std::optional<std::string> scale;       // prices in the file are divided by it: LEAN has 10000
  std::optional<std::string> on_bad;      // `refuse` (usual) or `drop`
  std::optional<std::string> date_order;  // of dates that read both ways: `dmy` or `mdy`
  std::optional<std::string> decimal;     // `point` or `comma`
  std::optional<std::string> adjustment;  // `raw`, `split` or `full`; else it is not known
  // `adjclose`, `splits`, `dividends`, `splits,dividends`: columns applied to the prices.
  std::optional<std::string> apply;
  std::optional<std::string> vendor;
  bool keep_raw = false;  // the file itself becomes a blob too
};

// A column of the file that was applied to its prices.
struct AppliedReport {
  std::string what;         // `adjclose`, `splits` or `dividends`
  std::string column;       // its name in the file
  std::uint64_t count = 0;  // closes that changed; splits; dividends
};

struct BadRowReport {
  std::uint64_t line = 0;  // from 1
  std::string reason;      // one sentence with column and value
};

// What became of one series; a file that names tickers or periods holds several.
struct ImportedDataset {
  std::string file;  // as given; `-` for standard input
  std::string ticker, interval;
  Digest digest{};  // names the dataset
  Seq event{};      // that recorded it, now or (already_present) then
  std::uint64_t rows = 0;
  std::uint64_t dropped = 0;
  std::vector<BadRowReport> bad_rows;     // the first hundred dropped
  TimeNs start = 0, end = 0;              // labels of the first and the last bar
  std::string layout;                     // as detected or given
  std::string timezone;                   // of the times in the file; `none` for dates, `offsets`
  bool timezone_assumed = false;          // UTC, because nobody said what local time it is
  std::optional<std::string> adjustment;  // as recorded; absent: nobody said
  std::vector<AppliedReport> applied;     // likewise
  bool has_volume = false;
  bool adjusted_close_differs = false;  // from the close in the file, which is what was taken
  // Files of the version before that were missing or damaged, and are whole again.
  std::uint64_t chunks_restored = 0;
  bool already_present =
      false;  // the newest version of this ticker has these bars: nothing was added
  std::optional<Digest> previous;  // the version before
  std::uint64_t rows_added = 0;    // bars of times that the previous version has none for
  std::uint64_t rows_changed = 0;  // bars of the same times that differ
  std::uint64_t rows_removed = 0;  // bars of the previous version that are gone
  std::uint64_t chunks_new = 0, chunks_shared = 0;
};

struct RefusedFile {
  std::string file;
  Error error;
};

struct ImportOutcome {
  std::vector<ImportedDataset> datasets;  // in the order of the files and of the series in them
  std::vector<RefusedFile> refused;       // nothing of these was kept
};

// Imports each file whole or not at all; a refused file does not keep the others out. `-` reads
// standard input. Makes the ledger when there is none and at least one file is good.
//
// Errors: invalid_input (an option is wrong, one ticker for several files), and what appending
//         says; then files already imported stay so.
Result<ImportOutcome> import_files(const Context& context, const std::vector<std::string>& files,
                                   const ImportRequest& request);

}  // namespace runledger::app
