#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <runledger/cli/terminal.hpp>

namespace runledger::cli {

enum class Align { left, right };

struct Column {
  std::string head;  // with its unit: `return [%]`
  Align align = Align::left;
  bool may_shrink = false;    // texts may be cut when the terminal is narrow
  int drop_rank = 0;          // 0: always shown; else the highest rank is left out first
  std::size_t width_min = 0;  // below which texts are not cut
};

struct Cell {
  std::string text;
  Tone tone = Tone::plain;
};

// Rows under a head, as people read them; columns without any head have no line for it.
//
// On a terminal the table fits its width: texts that may shrink are cut first, then whole columns
// are left out, and a last line says which. Through a pipe nothing is cut. Texts are made
// printable.
class Table {
 public:
  explicit Table(std::vector<Column> columns);
  // Exactly one cell a column.
  void add(std::vector<Cell> row);
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  [[nodiscard]] std::string render(const Terminal& terminal) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

// Pairs of name and value, the values aligned: what `show` commands print.
std::string render_pairs(const std::vector<std::pair<std::string, Cell>>& pairs,
                         const Terminal& terminal);

}  // namespace runledger::cli
