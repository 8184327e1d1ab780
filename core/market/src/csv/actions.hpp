#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <runledger/market/csv.hpp>

#include "columns.hpp"

namespace runledger::csv {

// What the columns to be applied say, one value a bar; the columns that are not are empty.
struct Actions {
  std::vector<double> adjusted_close;  // above 0
  std::vector<double> split;           // new shares for an old one on this day; 1: none
  std::vector<double> dividend;        // a share of this day, not negative; 0: none
  std::vector<std::uint64_t> line;     // of the file; empty when all the others are

  [[nodiscard]] bool empty() const { return line.empty(); }
  void reverse();
  void move_row(std::size_t from, std::size_t to);
  void truncate(std::size_t count);
};

// Why an action cannot be applied.
struct ActionObjection {
  std::uint64_t line = 0;
  Role role = Role::split;
  std::string reason;
};

// Changes the prices and volumes of `bars`, which ascend, and counts for each kind what it applied.
std::optional<ActionObjection> apply_actions(const Actions& actions, Bars& bars,
                                             std::vector<AppliedColumn>& applied);

}  // namespace runledger::csv
