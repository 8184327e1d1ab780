#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <runledger/base/result.hpp>
#include <runledger/market/bars.hpp>

namespace runledger {

// Invented bars that look like a market's: trends, calm and wild stretches, jumps over night,
// holidays, missing bars, splits, and volume that follows them. For demonstrations and tests.
//
// The same options give the same bytes on every machine: std::mt19937_64, own transforms of it, and
// no arithmetic but that which IEEE 754 rounds correctly.

struct SampleOptions {
  std::uint64_t seed = 7;
  std::size_t bars = 2000;
  Interval interval{1, IntervalUnit::day};
  TimeNs start = 1'420'070'400'000'000'000;  // 2015-01-01; the first bar is at or behind it
  double first_price = 100;
};

struct Sample {
  // Monday to Friday; within the day from 13:30 to 20:00 UTC; weeks on Mondays, months on their
  // last day. Prices are raw, in cents.
  Bars bars;
  // For each bar: what its prices are multiplied by to make them comparable with the last bar's.
  std::vector<double> adjustment;
};

// Errors: invalid_input = no bars, more than fit before the year 2262, a first price outside 1 to
//         10,000, or a length of bars that does not divide the session of 390 minutes.
Result<Sample> make_sample(const SampleOptions& options);

enum class SampleLayout : std::uint8_t {
  yahoo,
  generic,
  separate,  // date and time in columns of their own
  stooq,
  alpha_vantage,
  binance,
  lean,
  semicolon,  // decimal comma, 31.12.2024
};

struct SampleLayoutName {
  std::string_view name;
  SampleLayout layout;
};
std::span<const SampleLayoutName> sample_layouts();

// The text of a price file.
//
// Errors: invalid_input = LEAN within the day, whose files hold one day each.
Result<std::string> write_sample(const Sample& sample, std::string_view ticker,
                                 SampleLayout layout);

}  // namespace runledger
