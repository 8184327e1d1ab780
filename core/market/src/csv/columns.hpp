#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <runledger/base/check.hpp>
#include <runledger/base/result.hpp>

namespace runledger::csv {

// What a column of a price file is for.
enum class Role : std::uint8_t {
  date,
  clock,
  open,
  high,
  low,
  close,
  adjusted_close,  // compared with the close, applied on request
  volume,
  ticker,
  period,
  split,     // new shares for an old one, applied on request
  dividend,  // money a share, applied on request
};
inline constexpr std::size_t kRoles = 12;

// Where each role's column is.
class Columns {
 public:
  [[nodiscard]] std::optional<std::size_t> find(Role role) const { return at_[index(role)]; }
  // Where a role is that the file is known to have.
  [[nodiscard]] std::size_t at(Role role) const {
    const auto column = find(role);
    RL_CHECK(column.has_value());
    return *column;
  }
  [[nodiscard]] bool has(Role role) const { return find(role).has_value(); }
  void set(Role role, std::size_t column) { at_[index(role)] = column; }

 private:
  static std::size_t index(Role role) { return static_cast<std::size_t>(role); }
  std::array<std::optional<std::size_t>, kRoles> at_;
};

// A header's name without case, blanks, and marks: `<TICKER>` is ticker, `1. open` is open.
std::string plain_name(std::string_view name);

// Whether a first line names columns, rather than being a row.
bool is_header(std::span<const std::string_view> fields);

// Finds each role's column by its name, in any order and case. A date column is missing, or prices
// are, when nothing is found for them.
//
// Errors: invalid_input, without the file's name = two columns that have the same name.
Result<Columns> find_columns(std::span<const std::string> names);

}  // namespace runledger::csv
