#include "columns.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <runledger/base/text.hpp>

#include "lines.hpp"
#include "numbers.hpp"
#include "times.hpp"

namespace runledger::csv {
namespace {

struct Spelling {
  Role role;
  std::string_view name;  // as plain_name gives it
};

// Of several that a file has for one role, the first here is taken.
constexpr std::array kSpellings{
    Spelling{Role::date, "date"},
    Spelling{Role::date, "datetime"},
    Spelling{Role::date, "dateandtime"},
    Spelling{Role::date, "tradedate"},
    Spelling{Role::date, "tradingdate"},
    Spelling{Role::date, "tradingday"},
    Spelling{Role::date, "day"},
    Spelling{Role::date, "dt"},
    Spelling{Role::date, "timestamp"},
    Spelling{Role::date, "timestamputc"},
    Spelling{Role::date, "datetimeutc"},
    Spelling{Role::date, "utc"},
    Spelling{Role::date, "gmttime"},
    Spelling{Role::date, "utctime"},
    Spelling{Role::date, "timeutc"},
    Spelling{Role::date, "localtime"},
    Spelling{Role::date, "opentime"},
    Spelling{Role::date, "barstart"},
    Spelling{Role::date, "tsevent"},
    Spelling{Role::date, "ts"},
    Spelling{Role::date, "unixtimestamp"},
    Spelling{Role::date, "unixtime"},
    Spelling{Role::date, "unix"},
    Spelling{Role::date, "epoch"},
    Spelling{Role::clock, "time"},
    Spelling{Role::clock, "timeofday"},
    Spelling{Role::clock, "clock"},
    Spelling{Role::open, "open"},
    Spelling{Role::open, "openprice"},
    Spelling{Role::open, "openingprice"},
    Spelling{Role::open, "o"},
    Spelling{Role::high, "high"},
    Spelling{Role::high, "highprice"},
    Spelling{Role::high, "h"},
    Spelling{Role::low, "low"},
    Spelling{Role::low, "lowprice"},
    Spelling{Role::low, "l"},
    Spelling{Role::close, "close"},
    Spelling{Role::close, "closeprice"},
    Spelling{Role::close, "closingprice"},
    Spelling{Role::close, "closelast"},
    Spelling{Role::close, "c"},
    Spelling{Role::close, "last"},
    Spelling{Role::close, "price"},
    Spelling{Role::adjusted_close, "adjclose"},
    Spelling{Role::adjusted_close, "adjustedclose"},
    Spelling{Role::volume, "volume"},
    Spelling{Role::volume, "vol"},
    Spelling{Role::volume, "v"},
    Spelling{Role::volume, "tickvol"},
    Spelling{Role::volume, "tickvolume"},
    Spelling{Role::volume, "totalvolume"},
    Spelling{Role::ticker, "ticker"},
    Spelling{Role::ticker, "symbol"},
    Spelling{Role::ticker, "name"},
    Spelling{Role::period, "per"},
    Spelling{Role::period, "period"},
    Spelling{Role::split, "stocksplits"},
    Spelling{Role::split, "splits"},
    Spelling{Role::split, "split"},
    Spelling{Role::split, "splitratio"},
    Spelling{Role::split, "splitcoefficient"},
    Spelling{Role::split, "splitfactor"},
    Spelling{Role::dividend, "dividends"},
    Spelling{Role::dividend, "dividend"},
    Spelling{Role::dividend, "dividendamount"},
    Spelling{Role::dividend, "divcash"},
};

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

// The last letters of `Volume BTC` and `Volume USD` name units: the first such column is taken.
std::optional<std::size_t> find_volume_in_units(std::span<const std::string> names) {
  const auto found = std::ranges::find_if(
      names, [](const std::string& name) { return to_lower(name).starts_with("volume "); });
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

Result<Columns> find_named(std::span<const std::string> names, std::span<const std::string> plain) {
  Columns columns;
  for (const Spelling& spelling : kSpellings) {
    if (columns.has(spelling.role)) continue;
    const auto found = std::ranges::find(plain, spelling.name);
    if (found == plain.end()) continue;
    const auto again = std::find(found + 1, plain.end(), spelling.name);
    const auto at = static_cast<std::size_t>(found - plain.begin());
    if (again != plain.end()) {
      return fail(ErrorCode::invalid_input,
                  fmt::format("has two columns named {} ({} and {}); a file of one ticker has one",
                              shown(names[at]), at + 1, again - plain.begin() + 1));
    }
    columns.set(spelling.role, at);
  }
  return columns;
}

}  // namespace

std::string plain_name(std::string_view name) {
  std::string plain = to_lower(name);
  // Alpha Vantage numbers its names: `1. open`.
  const std::size_t letters = plain.find_first_not_of("0123456789. ");
  if (letters != std::string::npos && plain.find(". ") < letters) plain.erase(0, letters);
  std::erase_if(plain, [](char c) { return !is_name_byte(c); });
  return plain;
}

bool is_header(std::span<const std::string_view> fields) {
  const auto is_value = [](std::string_view field) {
    const Number number = read_number(field, DecimalMark::point);
    if (number.state == NumberState::good || number.state == NumberState::not_finite) return true;
    if (read_number(field, DecimalMark::comma).state == NumberState::good) return true;
    Moment moment;
    const TimeError error = read_moment(field, std::nullopt, moment);
    return error != TimeError::unreadable;
  };
  return !fields.empty() && std::ranges::none_of(fields, is_value);
}

Result<Columns> find_columns(std::span<const std::string> names) {
  std::vector<std::string> plain;
  plain.reserve(names.size());
  for (const std::string& name : names) plain.push_back(plain_name(name));
  RL_TRY(Columns columns, find_named(names, plain));
  if (!columns.has(Role::volume)) {
    if (const auto volume = find_volume_in_units(names)) columns.set(Role::volume, *volume);
  }
  if (columns.has(Role::date)) return columns;
  // pandas leaves the index without a name; and `time` alone holds the date too.
  if (!plain.empty() && (plain[0].empty() || plain[0] == "unnamed0" || plain[0] == "index")) {
    columns.set(Role::date, 0);
  } else if (const auto clock = columns.find(Role::clock)) {
    Columns moved;
    for (std::size_t i = 0; i < kRoles; ++i) {
      const auto role = static_cast<Role>(i);
      if (const auto at = columns.find(role); at && role != Role::clock) moved.set(role, *at);
    }
    moved.set(Role::date, *clock);
    return moved;
  }
  return columns;
}

}  // namespace runledger::csv
