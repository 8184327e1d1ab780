#pragma once

#include <span>
#include <string>

namespace runledger::cli {

// One record of RFC 4180: fields quoted where they must be, CRLF at the end.
std::string csv_record(std::span<const std::string> fields);

// A number as a CSV field: the shortest text that reads back bit for bit; empty for NaN.
std::string csv_number(double value);

}  // namespace runledger::cli
