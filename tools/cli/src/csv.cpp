#include <cmath>

#include <runledger/base/text.hpp>
#include <runledger/cli/csv.hpp>

namespace runledger::cli {

std::string csv_record(std::span<const std::string> fields) {
  std::string record;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) record += ',';
    const std::string& field = fields[i];
    // A record of one empty field would read back as no record at all.
    const bool lone_empty = field.empty() && fields.size() == 1;
    if (!lone_empty && field.find_first_of(",\"\r\n") == std::string::npos) {
      record += field;
      continue;
    }
    record += '"';
    for (const char c : field) {
      if (c == '"') record += '"';
      record += c;
    }
    record += '"';
  }
  return record + "\r\n";
}

std::string csv_number(double value) { return std::isnan(value) ? "" : format_double(value); }

}  // namespace runledger::cli
