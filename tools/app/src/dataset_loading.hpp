#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <runledger/base/digest.hpp>
#include <runledger/ledger/blobs.hpp>
#include <runledger/ledger/ledger.hpp>
#include <runledger/market/bars.hpp>
#include <runledger/schemas/event_generated.h>

namespace runledger::app {

// Which version of which data.
struct DatasetChoice {
  std::string ticker;                   // empty: the digest alone decides
  std::optional<std::string> interval;  // canonical text; absent: the only one, or 1d among several
  std::optional<std::string> digest;    // a prefix; absent: the newest
  bool may_resample = false;            // shorter bars will do, to be put together
};
// `T`, `T@PREFIX`, `@PREFIX`. Errors: invalid_input.
Result<DatasetChoice> parse_dataset_choice(std::string_view text,
                                           const std::optional<std::string>& interval);
// The canonical text of an interval. Errors: invalid_input.
Result<std::string> parse_interval_option(std::string_view text);

// A version of a dataset and its event.
struct ChosenDataset {
  ledger::DatasetVersion version;
  ledger::StoredEvent event;
  std::string interval;  // that is wanted: the version's, or a longer one that its bars make up
  [[nodiscard]] const schema::DatasetImported& imported() const;
  [[nodiscard]] bool resampled() const { return interval != version.interval; }
};

// Errors: not_found (names the nearest ticker, or how to import), invalid_input, the reader's.
Result<ChosenDataset> choose_dataset(const ledger::Reader& reader, const DatasetChoice& choice);
// The dataset that an event named.
Result<ChosenDataset> recorded_dataset(const ledger::Reader& reader, const Digest& dataset,
                                       const std::string& ticker);
// The dataset that a run named, for bars as that run had them.
Result<ChosenDataset> recorded_dataset(const ledger::Reader& reader, const schema::InputT& input);

// The bars, put together from their chunks and checked against the dataset's digest.
// Errors: damaged (a chunk is missing or other bytes), io.
Result<Bars> load_bars(const ledger::BlobStore& blobs, const schema::DatasetImported& imported);

// Bars of the interval that is wanted of `data`.
struct WantedBars {
  Bars bars;
  bool ends_complete = true;  // false: the last one is made of what there is, and more may follow
};
// Errors: those of load_bars(), invalid_input (the stored bars make up none).
Result<WantedBars> load_wanted_bars(const ledger::BlobStore& blobs, const ChosenDataset& data);

}  // namespace runledger::app
