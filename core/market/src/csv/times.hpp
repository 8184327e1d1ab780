#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <runledger/market/csv.hpp>

namespace runledger::csv {

// A time as a file writes it.
struct Moment {
  TimeNs local = 0;   // what the text shows, as if it were UTC
  TimeNs offset = 0;  // local - offset is the instant
  bool has_offset = false;
  bool is_epoch = false;  // a count since 1970, which is an instant
  bool has_clock = false;
};

enum class TimeError : std::uint8_t {
  none,
  unreadable,
  no_such_date,
  out_of_range,  // outside the years 1678 to 2261
  two_digit_year,
  undecided_order,  // 01/02/2024, and no order is given
};

// What a bad row says about it: "is not a date or time".
const char* reason_of(TimeError error);

// Reads dates as YYYY-MM-DD (also with / and .), YYYYMMDD, with D/M/Y or M/D/Y in the given order
// when the numbers alone do not tell, with names of months (02-Jan-2024, Jan 02, 2024), and as
// seconds, milliseconds, microseconds or nanoseconds since 1970; then, after a blank or a T, a
// clock and a zone (Z, UTC, GMT, +hh:mm).
TimeError read_moment(std::string_view text, std::optional<DateOrder> order, Moment& moment);

// Reads a time of day in a column of its own into `moment`, which holds the date: 9:30, 09:30:00.5,
// 093000, 9:30 PM, a zone behind it.
TimeError read_clock(std::string_view text, Moment& moment);

// The order that one date proves by a number above 12; nothing when it proves none.
std::optional<DateOrder> proven_order(std::string_view text);
// Whether a text has the form 01/02/2024, whose order has to be known.
bool has_unknown_order(std::string_view text);

}  // namespace runledger::csv
