#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include <runledger/base/count.hpp>

namespace runledger::cli {

// Numbers as people read them, besides counts. NaN is `n/a` everywhere.

// `12,345.68`, `-1,000.00`; from 1e15 on in scientific notation.
std::string money(double value);
// A ratio in a column, where all have two decimals: `1.25`, `0.00`.
std::string column_ratio(double value);
// `12.34`; `percent_change` always has a sign: `+12.34`.
std::string percent(double value);
std::string percent_change(double value);
// Two decimals, or three significant digits below 0.1: `1.25`, `0.0123`.
std::string ratio(double value);
// A price: up to six decimals, at least two: `27.50`, `1.234567`.
std::string price(double value);
// Units of an instrument, up to six decimals, no superfluous zeros: `352.941176`, `100`.
std::string quantity(double value);
// Elapsed time of ours: `under 1 ms`, `850 ms`, `12.3 s`, `4 min 10 s`, `2 h 5 min`.
std::string elapsed(std::chrono::nanoseconds time);
// Calendar time in a market: `412 days`, `5.5 hours`, `30 minutes`.
std::string calendar_time(double seconds);
// `512 B`, `1.2 MB` (powers of 1000).
std::string byte_size(std::uint64_t bytes);

}  // namespace runledger::cli
