#pragma once

#include <string>

#include <runledger/app/import.hpp>
#include <runledger/market/csv.hpp>
#include <runledger/schemas/event_generated.h>

namespace runledger::app {

struct ImportOptions {
  CsvOptions csv;
  schema::Adjustment adjustment = schema::Adjustment::raw;
};
// Errors: invalid_input, naming the option, what was found and what is expected.
Result<ImportOptions> parse_import_options(const ImportRequest& request);

std::string adjustment_text(schema::Adjustment adjustment);

}  // namespace runledger::app
