#pragma once

#include <optional>
#include <string>

#include <runledger/app/import.hpp>
#include <runledger/market/csv.hpp>
#include <runledger/schemas/event_generated.h>

namespace runledger::app {

struct ImportOptions {
  CsvOptions csv;
  std::optional<schema::Adjustment> adjustment;
};
// Errors: invalid_input, naming the option, what was found and what is expected.
Result<ImportOptions> parse_import_options(const ImportRequest& request);

// What an event records of the columns that were applied, and the texts by which they are named.
void store_applied(const CsvSeries& series, schema::DatasetImportedT& event);
std::vector<AppliedReport> applied_reports(const CsvSeries& series);
std::vector<AppliedReport> applied_reports(const schema::DatasetImported& imported);

// What an event records of options, and the texts by which they are given.
void store_options(const ImportOptions& options, schema::DatasetImportedT& event);
std::optional<std::string> adjustment_text(flatbuffers::Optional<schema::Adjustment> adjustment);
std::optional<std::string> date_order_text(flatbuffers::Optional<schema::DateOrder> order);
std::optional<std::string> decimal_text(flatbuffers::Optional<schema::DecimalMark> mark);
std::string on_bad_text(schema::OnBad on_bad);

}  // namespace runledger::app
