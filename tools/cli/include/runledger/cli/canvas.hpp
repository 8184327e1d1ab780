#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace runledger::cli {

// A field of dots, drawn as text: a character cell holds 2 x 4 dots (braille), or 1 x 2 in ASCII.
// Dot (0, 0) is at the top left.
class Canvas {
 public:
  Canvas(std::size_t columns, std::size_t rows, bool utf8);

  [[nodiscard]] std::size_t dots_across() const { return columns_ * dots_x_; }
  [[nodiscard]] std::size_t dots_down() const { return rows_ * dots_y_; }
  void set(std::size_t x, std::size_t y);
  // All dots of a straight line, both ends included.
  void line(std::size_t x0, std::size_t y0, std::size_t x1, std::size_t y1);
  // The text of one row of cells, `columns` wide.
  [[nodiscard]] std::string row(std::size_t index) const;

 private:
  std::size_t columns_, rows_;
  bool utf8_;
  std::size_t dots_x_, dots_y_;
  std::vector<unsigned char> cells_;  // one bit a dot
};

}  // namespace runledger::cli
